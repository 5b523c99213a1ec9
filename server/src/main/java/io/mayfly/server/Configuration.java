package io.mayfly.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a node. Of two values the nearer one wins: command line, file, what the
 * server sets for Pekko, the libraries' own.
 */
final class Configuration {
  private Configuration() {}

  /**
   * Reads and resolves it.
   *
   * @throws ConfigException when the file is missing or not HOCON, or a value cannot be resolved
   */
  static Config load(@Nullable Path file, Map<String, Object> overrides) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, Object> override : overrides.entrySet()) {
      config =
          config.withValue(
              override.getKey(), ConfigValueFactory.fromAnyRef(override.getValue(), "--set"));
    }
    if (file != null) {
      config =
          config.withFallback(
              ConfigFactory.parseFile(
                  file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)));
    }
    return config
        .withFallback(ConfigFactory.parseResources("mayfly.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }
}
