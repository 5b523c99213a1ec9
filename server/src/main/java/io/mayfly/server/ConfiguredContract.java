package io.mayfly.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractReading;
import io.mayfly.protocol.entry.Violation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The default contract of the configuration, under which every namespace without one of its own
 * lives. It obeys the rules of contract documents.
 */
final class ConfiguredContract {
  private static final String PATH = "mayfly.contract.default";
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,18}");

  private ConfiguredContract() {}

  /**
   * Reads {@code mayfly.contract.default}.
   *
   * @throws ConfigException when a value is out of bounds, or none that a contract has
   */
  static Contract from(Config config) {
    Map<String, Object> tree = new LinkedHashMap<>();
    config
        .getConfig(PATH)
        .root()
        .unwrapped()
        .forEach((name, value) -> tree.put(name, numbersRead(value)));
    ContractReading.Result<Contract> result = ContractReading.rules(tree, Contract.STANDARD);
    if (!result.valid()) {
      throw new ConfigException.BadValue(
          config.getConfig(PATH).origin(),
          PATH,
          result.violations().stream()
              .map(ConfiguredContract::told)
              .collect(Collectors.joining(" ")));
    }
    return result.read();
  }

  private static String told(Violation violation) {
    return violation.pointer().substring(1).replace('/', '.') + ": " + violation.detail();
  }

  /** A number that comes from the command line is a text. */
  private static Object numbersRead(Object value) {
    if (value instanceof Map<?, ?> members) {
      Map<String, Object> tree = new LinkedHashMap<>();
      members.forEach((name, member) -> tree.put(String.valueOf(name), numbersRead(member)));
      return tree;
    }
    return value instanceof String text && WHOLE_NUMBER.matcher(text).matches()
        ? (Object) Long.valueOf(text)
        : value;
  }
}
