package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.pekko.actor.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a node finds its cluster: what is read, and what is refused. */
final class ClusterSettingsTest {
  private static final Path SHIPPED = Path.of("..", "application.conf");

  private static Config config(Map<String, Object> settings) {
    return Configuration.load(SHIPPED, settings);
  }

  @Test
  void withoutSeeds_aNodeIsAClusterOfItsOwn() {
    Config config = config(Map.of());

    assertThat(ClusterSettings.from(config).clustered()).isFalse();
    assertThat(ClusterSettings.applied(config).getInt("pekko.cluster.min-nr-of-members"))
        .isEqualTo(1);
  }

  @Test
  void seeds_areReadInTheirOrder() {
    Config config =
        config(Map.of("mayfly.cluster.seeds", "10.0.0.1:25520, b:2", "mayfly.cluster.nodes", 3));

    assertThat(ClusterSettings.from(config).seeds())
        .containsExactly(
            new Address("pekko", "mayfly", "10.0.0.1", 25_520),
            new Address("pekko", "mayfly", "b", 2));
    assertThat(ClusterSettings.applied(config).getInt("pekko.cluster.min-nr-of-members"))
        .isEqualTo(2);
  }

  @Test
  void discovery_isHandedToClusterBootstrap() {
    Config config =
        ClusterSettings.applied(
            config(
                Map.of(
                    "mayfly.cluster.bootstrap.discovery",
                    "config",
                    "mayfly.cluster.bootstrap.contact-points",
                    "10.0.0.1:7626, 10.0.0.2:7626",
                    "mayfly.cluster.nodes",
                    3)));
    String contacts = "pekko.management.cluster.bootstrap.contact-point-discovery.";

    assertThat(ClusterSettings.from(config).clustered()).isTrue();
    assertThat(config.getString(contacts + "discovery-method")).isEqualTo("config");
    assertThat(config.getString(contacts + "service-name")).isEqualTo("mayfly");
    assertThat(config.getInt(contacts + "required-contact-point-nr")).isEqualTo(2);
    assertThat(config.getConfigList("pekko.discovery.config.services.mayfly.endpoints"))
        .extracting(point -> point.getString("host") + ':' + point.getInt("port"))
        .containsExactly("10.0.0.1:7626", "10.0.0.2:7626");
  }

  @Test
  void discoveryBesideSeeds_isRefused() {
    Config config =
        config(
            Map.of(
                "mayfly.cluster.bootstrap.discovery", "dns", "mayfly.cluster.seeds", "10.0.0.1:1"));

    assertThatThrownBy(() -> ClusterSettings.from(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mayfly.cluster.bootstrap.discovery");
  }

  @Test
  void addressOfTheNode_isWhereItsRemotingIs() {
    Config config = config(Map.of("mayfly.cluster.host", "127.0.0.9", "mayfly.cluster.port", 7));

    assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("127.0.0.9");
    assertThat(config.getInt("pekko.remote.artery.canonical.port")).isEqualTo(7);
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "seeds, nowhere",
    "seeds, a:b",
    "seeds, a:123456",
    "nodes, 0",
    "bootstrap.discovery, magic",
    "quorum.lease, 6s",
    "failure.stable-after, 1s"
  })
  void settingThatCannotWork_isRefusedByName(String path, String value) {
    Config config = config(Map.of("mayfly.cluster." + path, value));

    assertThatThrownBy(() -> ClusterSettings.from(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mayfly.cluster.");
  }

  @Test
  void store_thatIsUnknown_isRefusedByName() {
    Config config = config(Map.of("mayfly.persistence.store", "paper"));

    assertThatThrownBy(() -> NodeStore.open(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mayfly.persistence.store");
  }
}
