package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Flag;
import io.mayfly.protocol.contract.Privacy;
import io.mayfly.protocol.contract.Transition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configuration: what operators see, and what is refused. */
final class ConfigurationTest {
  private static final Path SHIPPED = Path.of("..", "application.conf");

  /** Settings that libraries of Mayfly have for their own tests and plug-ins, not for operators. */
  private static final Set<String> INTERNAL =
      Set.of(
          "persistence.rocksdb.data-directory",
          "persistence.rocksdb.journal-dispatcher",
          "persistence.rocksdb.snapshot-dispatcher",
          "persistence.rocksdb.journal",
          "persistence.rocksdb.snapshot-store",
          "persistence.rocksdb.query",
          "persistence.postgresql.journal",
          "persistence.postgresql.snapshot-store",
          "persistence.postgresql.plugin-dispatcher");

  @Test
  void shippedFile_namesEverySettingWithItsDefault() {
    Config shipped = ConfigFactory.parseFile(SHIPPED.toFile()).resolve().getConfig("mayfly");
    Config reference = ConfigFactory.parseResources("reference.conf").getConfig("mayfly");

    assertThat(paths(shipped)).isEqualTo(paths(reference));
    for (String path : paths(shipped)) {
      assertThat(shipped.getValue(path).unwrapped())
          .as(path)
          .isEqualTo(reference.getValue(path).unwrapped());
    }
  }

  @Test
  void nearerValue_wins() {
    Config config = Configuration.load(SHIPPED, Map.of("mayfly.http.port", "9000"));

    assertThat(config.getInt("mayfly.http.port")).isEqualTo(9000);
    assertThat(config.getString("pekko.actor.provider")).isEqualTo("cluster");
  }

  @Test
  void shardThatMoves_isGivenUpBeforeALostNodeIsRemoved() {
    Config config =
        Configuration.load(SHIPPED, Map.of("mayfly.cluster.failure.stable-after", "9s"))
            .getConfig("pekko.cluster");

    assertThat(config.getDuration("sharding.handoff-timeout"))
        .isLessThanOrEqualTo(config.getDuration("split-brain-resolver.stable-after"));
  }

  @Test
  void missingFile_isRefused() {
    assertThatThrownBy(() -> Configuration.load(Path.of("no-such-file.conf"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no-such-file.conf");
  }

  @Test
  void defaultContract_isTheBuiltInOne() {
    Contract contract = ConfiguredContract.from(Configuration.load(SHIPPED, Map.of()));

    assertThat(contract).isEqualTo(Contract.STANDARD);
  }

  @Test
  void defaultContract_takesEveryMember() {
    Config config =
        Configuration.load(
            SHIPPED,
            Map.of(
                "mayfly.contract.default.mutation.fence", "required",
                "mayfly.contract.default.mutation.transitions.rollback", "off",
                "mayfly.contract.default.limits.keys", "7",
                "mayfly.contract.default.privacy", "secret",
                "mayfly.contract.default.mutation.writers", List.of("cart-svc")));

    Contract contract = ConfiguredContract.from(config);

    assertThat(contract.mutation().fenceRequired()).isTrue();
    assertThat(contract.mutation().flag(Transition.ROLLBACK)).isEqualTo(Flag.OFF);
    assertThat(contract.mutation().writers()).containsExactly("cart-svc");
    assertThat(contract.limits().keys()).isEqualTo(7);
    assertThat(contract.privacy()).isEqualTo(Privacy.SECRET);
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "lifetime.default, 30d",
    "lifetime.default, 1ms",
    "lifetime.max, 1ms",
    "lifetime.renewal, sometimes",
    "lifetime.tombstone, -1s",
    "durability, eventually",
    "history.revisions, 0",
    "history.revisions, 1001",
    "limits.valueBytes, 0",
    "limits.valueBytes, 1048577",
    "limits.keys, -1",
    "mutation.precondition, sometimes",
    "mutation.transitions.create, maybe",
    "reconciliation.ordering, lamport",
    "idempotency.keys, 1025",
    "privacy, hidden",
    "lifetime.unknown, 1s",
  })
  void contractOutOfBounds_isRefusedByName(String path, String value) {
    Config config = Configuration.load(SHIPPED, Map.of("mayfly.contract.default." + path, value));

    assertThatThrownBy(() -> ConfiguredContract.from(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(path);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"0.0.0.0", "192.168.1.1", "::"})
  void addressBeyondThisMachine_isRefusedUnlessAllowed(String host) {
    Config closed = Configuration.load(SHIPPED, Map.of("mayfly.http.host", host));
    Config open =
        Configuration.load(
            SHIPPED, Map.of("mayfly.http.host", host, "mayfly.http.allow-anonymous", "true"));

    assertThatThrownBy(() -> HttpAddress.from(closed))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("allow-anonymous");
    assertThat(HttpAddress.from(open).host()).isEqualTo(host);
  }

  @Test
  void addressBeyondThisMachine_withTokens_isAllowed() {
    Map<String, Object> settings =
        new HashMap<>(new TestTokens().with("me", List.of("*"), "read").settings());
    settings.put("mayfly.http.host", "0.0.0.0");

    HttpAddress address = HttpAddress.from(Configuration.load(SHIPPED, settings));

    assertThat(address.host()).isEqualTo("0.0.0.0");
  }

  @Test
  void tokenThatIsNotUsable_isRefusedBeforeAnythingStarts() {
    TestTokens tokens = new TestTokens().with("me", List.of("*"), "read").with("me", List.of("*"));

    assertThatThrownBy(() -> HttpAddress.from(Configuration.load(SHIPPED, tokens.settings())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mayfly.http.tokens");
  }

  private static Set<String> paths(Config config) {
    return config.entrySet().stream()
        .map(Map.Entry::getKey)
        .filter(path -> INTERNAL.stream().noneMatch(path::startsWith))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
