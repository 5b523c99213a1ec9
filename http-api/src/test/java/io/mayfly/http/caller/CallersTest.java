package io.mayfly.http.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens: how they are made, configured and recognized. */
final class CallersTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Grant CART =
      new Grant("cart-svc", List.of("cart-*", "checkout-session"), List.of("read", "write"));

  private final Token token = Token.generate(RANDOM);
  private final Callers callers = callers(CART.setting(token));

  private static Callers callers(String... settings) {
    return Callers.from(config(settings));
  }

  private static Config config(String... settings) {
    return ConfigFactory.parseString(String.join("\n", settings))
        .withFallback(ConfigFactory.parseString("mayfly.http.tokens = []"))
        .resolve();
  }

  private static String configured(String name, String hash, String namespaces, String rights) {
    return "mayfly.http.tokens = [ { name = \""
        + name
        + "\", hash = \""
        + hash
        + "\", namespaces = "
        + namespaces
        + ", rights = "
        + rights
        + " } ]";
  }

  @Test
  void token_generated_has256BitsBehindItsPrefix() {
    assertThat(token.secret()).matches("mayfly_[A-Za-z0-9_-]{43}");
    assertThat(token.secret()).isNotEqualTo(Token.generate(RANDOM).secret());
    assertThat(token.hash()).matches("[0-9a-f]{64}");
  }

  @Test
  void setting_ofAGrant_letsItsTokenIn() {
    Caller caller = callers.authenticate("Bearer " + token.secret());

    assertThat(caller.name()).isEqualTo("cart-svc");
    assertThat(caller.may(Right.READ, "cart-1")).isTrue();
    assertThat(caller.may(Right.WRITE, "checkout-session")).isTrue();
    assertThat(caller.may(Right.WRITE)).isTrue();
    assertThat(caller.may(Right.ADMIN)).isFalse();
    assertThat(caller.may(Right.ADMIN, "cart-1")).isFalse();
    assertThat(caller.may(Right.READ, "checkout-session-2")).isFalse();
    assertThat(caller.may(Right.READ, "cart")).isFalse();
  }

  @Test
  void settings_addedOneAfterAnother_areAllKnown() {
    Token other = Token.generate(RANDOM);
    Grant price = new Grant("price-svc", List.of("*"), List.of("admin"));

    Callers both = callers(CART.setting(token), price.setting(other));

    assertThat(both.authenticate("Bearer " + token.secret()).name()).isEqualTo("cart-svc");
    assertThat(both.authenticate("Bearer " + other.secret()).may(Right.ADMIN, "any")).isTrue();
  }

  @Test
  void admin_withoutMore_impliesNeitherReadNorWrite() {
    Caller admin = new Grant("ops", List.of("*"), List.of("admin")).caller();

    assertThat(admin.may(Right.ADMIN, "any")).isTrue();
    assertThat(admin.may(Right.READ, "any")).isFalse();
    assertThat(admin.may(Right.WRITE, "any")).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"bearer ", "BEARER ", "Bearer   "})
  void header_inAnyCaseAndSpacing_isRead(String scheme) {
    assertThat(callers.authenticate(scheme + token.secret()).name()).isEqualTo("cart-svc");
  }

  @Test
  void request_withoutToken_isChallengedWithoutAnError() {
    assertThat(challenge(null)).isEqualTo("Bearer realm=\"mayfly\"");
    assertThat(challenge("Basic Y2FydDpzdmM=")).isEqualTo("Bearer realm=\"mayfly\"");
    assertThat(challenge("")).isEqualTo("Bearer realm=\"mayfly\"");
  }

  @Test
  void request_withATokenThatIsNone_isChallengedWithTheError() {
    String invalid = "Bearer realm=\"mayfly\", error=\"invalid_token\"";

    assertThat(challenge("Bearer " + Token.generate(RANDOM).secret())).isEqualTo(invalid);
    assertThat(challenge("Bearer " + token.hash())).isEqualTo(invalid);
    assertThat(challenge("Bearer")).isEqualTo(invalid);
    assertThat(challenge("Bearer ")).isEqualTo(invalid);
    assertThat(challenge("Bearer a b")).isEqualTo(invalid);
    assertThat(challenge("Bearer " + token.secret() + ", Bearer " + token.secret()))
        .isEqualTo(invalid);
    assertThat(challenge("Bearer " + token.secret() + "x")).isEqualTo(invalid);
  }

  private String challenge(@Nullable String authorization) {
    try {
      callers.authenticate(authorization);
    } catch (ProblemException e) {
      assertThat(e.problem().type()).isEqualTo(ProblemType.UNAUTHENTICATED);
      assertThat(e.problem().detail()).doesNotContain(token.secret());
      return Objects.requireNonNull(e.problem().headers().get("WWW-Authenticate"));
    }
    throw new AssertionError("let in");
  }

  @Test
  void configuration_withoutTokens_letsAnybodyDoEverything() {
    Callers anybody = callers();

    assertThat(anybody.anonymous()).isTrue();
    for (Right right : Right.values()) {
      assertThat(anybody.authenticate("Basic nonsense").may(right, "any")).isTrue();
    }
    assertThat(anybody.authenticate(null).name()).isNull();
  }

  @Test
  void find_whereverTheTokenStands_comparesWithEveryOne() {
    for (int position = 0; position < 5; position++) {
      List<byte[]> seen = new ArrayList<>();
      List<KnownTokens.Known> known =
          new ArrayList<>(
              Collections.nCopies(
                  5, new KnownTokens.Known(Token.digest("another"), Caller.ANYBODY)));
      known.set(position, new KnownTokens.Known(Token.digest("mine"), CART.caller()));
      KnownTokens tokens =
          new KnownTokens(
              known,
              (stored, sent) -> {
                seen.add(stored);
                return MessageDigest.isEqual(stored, sent);
              });

      Caller found = tokens.find(Token.digest("mine"));

      assertThat(found).isNotNull().extracting(Caller::name).isEqualTo("cart-svc");
      assertThat(seen).hasSize(5);
    }
  }

  @ParameterizedTest(name = "{0}, {2}, {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | H | [\"*\"] | [read] | name",
        "a b | H | [\"*\"] | [read] | name",
        "-a | H | [\"*\"] | [read] | name",
        "a | '' | [\"*\"] | [read] | hash",
        "a | abc | [\"*\"] | [read] | hash",
        "a | H | [] | [read] | namespaces",
        "a | H | [\"\"] | [read] | namespaces",
        "a | H | [\"**\"] | [read] | namespaces",
        "a | H | [\"a*b\"] | [read] | namespaces",
        "a | H | [\"Cart\"] | [read] | namespaces",
        "a | H | [\"*\"] | [] | rights",
        "a | H | [\"*\"] | [READ] | rights",
        "a | H | [\"*\"] | [read, own] | rights",
        "a | H | [\"*\"] | read | rights",
      })
  void configuration_thatIsWrong_isRefusedByName(
      String name, String hash, String namespaces, String rights, String expected) {
    Config config =
        config(configured(name, hash.equals("H") ? token.hash() : hash, namespaces, rights));

    assertThatThrownBy(() -> Callers.from(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void configuration_withTheTokenInPlaceOfItsHash_isRefusedWithoutShowingIt() {
    Config config = config(configured("a", token.secret(), "[\"*\"]", "[read]"));

    assertThatThrownBy(() -> Callers.from(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("hash")
        .hasMessageNotContaining(token.secret());
  }

  @Test
  void configuration_withANameOrATokenTwice_isRefused() {
    Grant other = new Grant("other", List.of("*"), List.of("read"));

    assertThatThrownBy(() -> callers(CART.setting(token), CART.setting(Token.generate(RANDOM))))
        .hasMessageContaining("cart-svc is the name of another token");
    assertThatThrownBy(() -> callers(CART.setting(token), other.setting(token)))
        .hasMessageContaining("other has the token of another name");
  }

  @Test
  void configuration_withMissingOrUnknownSettings_isRefused() {
    assertThatThrownBy(() -> callers("mayfly.http.tokens = [ { name = a } ]"))
        .hasMessageContaining("expected: [hash, name, namespaces, rights]");
    assertThatThrownBy(() -> callers(CART.setting(token).replace("hash =", "hash = x, token =")))
        .hasMessageContaining("nothing else");
    assertThatThrownBy(() -> callers("mayfly.http.tokens = all"))
        .isInstanceOf(ConfigException.class);
  }
}
