package io.mayfly.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.Address;

/**
 * How a node finds its cluster and how long it takes others to be there: {@code mayfly.cluster}.
 *
 * @param seeds where nodes may be found to join; empty for a node that is a cluster of its own
 * @param lease how long the consent of a majority lasts
 * @param interval the time between two questions for it
 */
record ClusterSettings(List<Address> seeds, Duration lease, Duration interval) {
  private static final String SECTION = "mayfly.cluster";
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
    if (lease.compareTo(takeover) >= 0) {
      throw bad(
          config,
          SECTION + ".quorum.lease",
          "less than failure.acceptable-pause and failure.stable-after together, after which others"
              + " take over");
    }
    if (config.getInt(SECTION + ".nodes") < 1) {
      throw bad(config, SECTION + ".nodes", "at least 1");
    }
    return new ClusterSettings(
        seeds(config), lease, config.getDuration(SECTION + ".quorum.interval"));
  }

  /** The configuration with what Pekko must know of these settings. */
  static Config applied(Config config) {
    ClusterSettings settings = from(config);
    if (!settings.clustered()) {
      return config;
    }
    int majority = config.getInt(SECTION + ".nodes") / 2 + 1;
    return ConfigFactory.parseMap(Map.of("pekko.cluster.min-nr-of-members", majority), SECTION)
        .withFallback(config);
  }

  /** Whether the node is to join others. */
  boolean clustered() {
    return !seeds.isEmpty();
  }

  private static List<Address> seeds(Config config) {
    String path = SECTION + ".seeds";
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
