package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.mayfly.http.caller.Caller;
import io.mayfly.http.caller.Callers;
import io.mayfly.http.caller.Grant;
import io.mayfly.http.caller.Right;
import io.mayfly.http.caller.Token;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;

/** The check of rights against needs, also for needs that no operation has yet. */
final class AccessTest {
  private static final List<String> OWN = List.of("v1", "things", "own");
  private static final List<String> FOREIGN = List.of("v1", "things", "foreign");
  private static final List<String> ALL = List.of("v1", "things");

  private final Token token = Token.generate(new SecureRandom());
  private final String authorization = "Bearer " + token.secret();

  private Access access(String... rights) {
    String setting = new Grant("me", List.of("own"), List.of(rights)).setting(token);
    return new Access(
        Callers.from(ConfigFactory.parseString("mayfly.http.tokens = []\n" + setting).resolve()));
  }

  private static Route route(String template, Need need) {
    return new Route(
        "GET",
        template,
        "test",
        need,
        Set.of(),
        Set.of(),
        call -> CompletableFuture.completedFuture(HttpResponse.create()));
  }

  private static Route inNamespace(Need need) {
    return route("/v1/things/{namespace}", need);
  }

  private static Route overAll(Need need) {
    return route("/v1/things", need);
  }

  @Test
  void needs_againstEachRight_areMetByTheirOwnOnly() {
    for (Right held : Right.values()) {
      for (Need need : Need.values()) {
        if (need.right() == null || need.right() == held) {
          allows(access(held.text()), inNamespace(need), OWN);
          allows(access(held.text()), overAll(need), ALL);
        } else {
          forbids(access(held.text()), inNamespace(need), OWN);
          forbids(access(held.text()), overAll(need), ALL);
        }
      }
    }
  }

  @Test
  void right_inAForeignNamespace_isForbidden() {
    Access access = access("read", "write", "admin");

    forbids(access, inNamespace(Need.READ), FOREIGN);
    forbids(access, inNamespace(Need.WRITE), FOREIGN);
    forbids(access, inNamespace(Need.ADMIN), FOREIGN);
    allows(access, inNamespace(Need.ANY), FOREIGN);
  }

  @Test
  void request_withoutToken_isLetInOnlyWhereNoneIsNeeded() {
    Access access = access("read", "write", "admin");

    assertThat(access.check(overAll(Need.NONE), null, ALL)).isSameAs(Caller.ANYBODY);
    for (Need need : List.of(Need.ANY, Need.READ, Need.WRITE, Need.ADMIN)) {
      assertThatThrownBy(() -> access.check(overAll(need), null, ALL))
          .isInstanceOfSatisfying(
              ProblemException.class,
              e -> assertThat(e.problem().type()).isEqualTo(ProblemType.UNAUTHENTICATED));
    }
  }

  @Test
  void template_withAnotherNameInThePlaceOfTheNamespace_isNoRoute() {
    for (String template : List.of("/v1/{key}", "/v1/things/{ns}", "/v1/a/b/{namespace}")) {
      assertThatThrownBy(() -> route(template, Need.READ))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private void allows(Access access, Route route, List<String> path) {
    String expected = route.need() == Need.NONE ? null : "me";

    assertThat(access.check(route, authorization, path).name()).isEqualTo(expected);
  }

  private void forbids(Access access, Route route, List<String> path) {
    assertThatThrownBy(() -> access.check(route, authorization, path))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().type()).isEqualTo(ProblemType.FORBIDDEN);
              assertThat(e.problem().headers().get("WWW-Authenticate"))
                  .contains("error=\"insufficient_scope\"");
            });
  }
}
