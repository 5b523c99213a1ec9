package io.mayfly.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.History;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.contract.ValueRule;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;

/** The default contract of the configuration, under which every namespace lives. */
final class ConfiguredContracts implements Contracts {
  private static final int VALUE_BYTES_MAX = 1 << 20;

  private final Contract standard;

  private ConfiguredContracts(Contract standard) {
    this.standard = standard;
  }

  /**
   * Reads {@code mayfly.contract.default}.
   *
   * @throws ConfigException when a value is missing or out of bounds
   */
  static ConfiguredContracts from(Config config) {
    Config contract = config.getConfig("mayfly.contract.default");
    Config lifetime = contract.getConfig("lifetime");
    Duration min = duration(lifetime, "min", Duration.ofMillis(1));
    Duration max = duration(lifetime, "max", min);
    Duration standard = duration(lifetime, "default", min);
    if (standard.compareTo(max) > 0) {
      throw bad(lifetime, "default", "at most max");
    }
    return new ConfiguredContracts(
        Contract.STANDARD
            .with(
                new Lifetime(
                    standard,
                    min,
                    max,
                    word(lifetime, "renewal", Renewal.values(), Renewal::text),
                    duration(lifetime, "total", standard),
                    duration(lifetime, "tombstone", Duration.ZERO)))
            .with(word(contract, "durability", Durability.values(), Durability::text))
            .with(new History(between(contract, "history.revisions", 1, 1_000)))
            .with(
                new Limits(
                    between(contract, "limits.valueBytes", 1, VALUE_BYTES_MAX), 0, 256, 4_096, 0)));
  }

  @Override
  public ValueRule ruleOf(Contract contract) {
    return ValueRule.NONE;
  }

  @Override
  public Contract of(String namespace) {
    return standard;
  }

  private static Duration duration(Config config, String path, Duration min) {
    Duration duration = config.getDuration(path);
    if (duration.compareTo(min) < 0) {
      throw bad(config, path, "at least " + min);
    }
    return duration;
  }

  private static int between(Config config, String path, int min, int max) {
    int number = config.getInt(path);
    if (number < min || number > max) {
      throw bad(config, path, min + " to " + max);
    }
    return number;
  }

  private static <T> T word(Config config, String path, T[] words, Function<T, String> text) {
    String word = config.getString(path);
    return Arrays.stream(words)
        .filter(candidate -> text.apply(candidate).equals(word))
        .findFirst()
        .orElseThrow(() -> bad(config, path, "one of " + Arrays.stream(words).map(text).toList()));
  }

  private static ConfigException bad(Config config, String path, String expected) {
    return new ConfigException.BadValue(
        config.origin(), "mayfly.contract.default…" + path, "expected: " + expected);
  }
}
