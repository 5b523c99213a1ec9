package io.mayfly.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.mayfly.persistence.postgresql.PostgresSettings;
import io.mayfly.sharding.peer.PeerLinks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.Address;

/**
 * How a node finds its cluster and how long it takes others to be there: {@code mayfly.cluster}.
 *
 * @param seeds where nodes may be found to join
 * @param discovery how they are found instead; off where seeds say it, and for a node that is a
 *     cluster of its own
 * @param lease how long the consent of a majority lasts
 * @param interval the time between two questions for it
 */
record ClusterSettings(
    List<Address> seeds, Discovery discovery, Duration lease, Duration interval) {
  private static final String SECTION = "mayfly.cluster";
  private static final String CONTACTS =
      "pekko.management.cluster.bootstrap.contact-point-discovery";

  /** What Kubernetes calls the port of Pekko Management in a pod. */
  private static final String PORT_NAME = "management";

  private static final Pattern SEED = Pattern.compile("([^:\\s\\[\\]]+|\\[[0-9a-fA-F:.]+]):(\\d+)");

  /**
   * Reads the settings.
   *
   * @throws ConfigException when they are not usable
   */
  static ClusterSettings from(Config config) {
    Duration lease = config.getDuration(SECTION + ".quorum.lease");
    Duration takeover =
        config
            .getDuration(SECTION + ".failure.acceptable-pause")
            .plus(config.getDuration(SECTION + ".failure.stable-after"));
    // What was begun under the lease is committed within that time, or never.
    Duration writing = config.getDuration(PostgresSettings.PATH + ".idle-patience");
    if (lease.plus(writing).compareTo(takeover) >= 0) {
      throw bad(
          config,
          SECTION + ".quorum.lease",
          "with "
              + PostgresSettings.PATH
              + ".idle-patience less than failure.acceptable-pause and failure.stable-after"
              + " together, after which others take over");
    }
    if (config.getInt(SECTION + ".nodes") < 1) {
      throw bad(config, SECTION + ".nodes", "at least 1");
    }
    List<Address> seeds = addresses(config, ".seeds");
    Discovery discovery = Discovery.from(config);
    if (discovery != Discovery.OFF && !seeds.isEmpty()) {
      throw bad(config, SECTION + ".bootstrap.discovery", "off, or no seeds");
    }
    return new ClusterSettings(
        seeds, discovery, lease, config.getDuration(SECTION + ".quorum.interval"));
  }

  /** Where other nodes ask this one for its keys. */
  static PeerLinks.Settings direct(Config config) {
    int port = config.getInt(SECTION + ".direct.port");
    int bindPort = config.getInt(SECTION + ".direct.bind-port");
    return new PeerLinks.Settings(
        config.getString(SECTION + ".host"),
        port,
        bindPort == 0 ? port : bindPort,
        config.getString("pekko.remote.artery.advanced.tcp.outbound-client-hostname"));
  }

  /** The configuration with what Pekko must know of these settings. */
  static Config applied(Config config) {
    ClusterSettings settings = from(config);
    if (!settings.clustered()) {
      return config;
    }
    int majority = config.getInt(SECTION + ".nodes") / 2 + 1;
    Map<String, Object> known = new HashMap<>();
    known.put("pekko.cluster.min-nr-of-members", majority);
    // Two groups that do not see each other cannot both begin a cluster.
    known.put(CONTACTS + ".required-contact-point-nr", majority);
    settings
        .discovery
        .method()
        .ifPresent(method -> known.put(CONTACTS + ".discovery-method", method));
    if (settings.discovery == Discovery.KUBERNETES) {
      known.put(CONTACTS + ".port-name", PORT_NAME);
    }
    if (settings.discovery == Discovery.CONFIG) {
      String service = config.getString(SECTION + ".bootstrap.service");
      known.put(
          "pekko.discovery.config.services." + ConfigUtil.quoteString(service) + ".endpoints",
          addresses(config, ".bootstrap.contact-points").stream()
              .map(
                  point ->
                      Map.of(
                          "host",
                          point.getHost().orElseThrow(),
                          "port",
                          point.getPort().orElseThrow()))
              .toList());
    }
    Config all = config;
    for (Map.Entry<String, Object> one : known.entrySet()) {
      all = all.withValue(one.getKey(), ConfigValueFactory.fromAnyRef(one.getValue(), SECTION));
    }
    return all;
  }

  /** How nodes find each other without seeds. */
  enum Discovery {
    /** They do not. */
    OFF,
    /** Where the configuration says. */
    CONFIG,
    /** Where the records of a name in DNS say. */
    DNS,
    /** Where Kubernetes runs pods of a label. */
    KUBERNETES;

    private static Discovery from(Config config) {
      String path = SECTION + ".bootstrap.discovery";
      String name = config.getString(path);
      for (Discovery discovery : values()) {
        if (discovery.name().toLowerCase(Locale.ROOT).equals(name)) {
          return discovery;
        }
      }
      throw bad(config, path, "off, config, dns or kubernetes; not " + name);
    }

    /** The name that Pekko Discovery has for it. */
    private Optional<String> method() {
      return switch (this) {
        case OFF -> Optional.empty();
        case CONFIG -> Optional.of("config");
        case DNS -> Optional.of("pekko-dns");
        case KUBERNETES -> Optional.of("kubernetes-api");
      };
    }
  }

  /** Whether the node is to join others. */
  boolean clustered() {
    return !seeds.isEmpty() || discovered();
  }

  /** Whether others are found by a discovery. */
  boolean discovered() {
    return discovery != Discovery.OFF;
  }

  private static List<Address> addresses(Config config, String setting) {
    String path = SECTION + setting;
    String protocol = "pekko";
    String name = config.getString(SECTION + ".name");
    List<Address> seeds = new ArrayList<>();
    for (String part : config.getString(path).split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      Matcher matcher = SEED.matcher(part.strip());
      if (!matcher.matches() || matcher.group(2).length() > 5) {
        throw bad(config, path, "host:port, separated by commas; not " + part.strip());
      }
      seeds.add(new Address(protocol, name, matcher.group(1), Integer.parseInt(matcher.group(2))));
    }
    return List.copyOf(seeds);
  }

  private static ConfigException bad(Config config, String path, String expected) {
    return new ConfigException.BadValue(
        config.getValue(path).origin(), path, "expected: " + expected);
  }
}
