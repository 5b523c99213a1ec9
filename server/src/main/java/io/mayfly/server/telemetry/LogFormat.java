package io.mayfly.server.telemetry;

import ch.qos.logback.classic.LoggerContext;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * How log lines look: JSON for programs, text for people. To be chosen before the first line, since
 * the logger reads it when it starts.
 */
public final class LogFormat {
  private static final String SETTING = "mayfly.log.format";
  private static final String CHANGES = "mayfly.log.changes";
  private static final Set<String> FORMATS = Set.of("auto", "json", "text");
  private static final Path ERROR_OUTPUT = Path.of("/proc/self/fd/2");

  private LogFormat() {}

  /**
   * Applies the configured format, and whether the log tells every change of a key.
   *
   * @throws ConfigException when there is no such format
   */
  public static void apply(Config config) {
    var unused1 = System.setProperty(SETTING, of(config, terminal()));
    var unused2 =
        System.setProperty(CHANGES + "-level", config.getBoolean(CHANGES) ? "DEBUG" : "INFO");
  }

  /** Names the node in every line from now on. */
  public static void node(String address) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.putProperty("node", address);
    }
  }

  /** The format: {@code json} or {@code text}. */
  static String of(Config config, boolean terminal) {
    String format = config.getString(SETTING);
    if (!FORMATS.contains(format)) {
      throw new ConfigException.BadValue(
          config.getValue(SETTING).origin(), SETTING, "auto, json or text; not " + format);
    }
    return format.equals("auto") ? (terminal ? "text" : "json") : format;
  }

  /**
   * Whether a person reads the standard error output, where the log goes. Java does not tell one
   * output from another, so the system is asked; where it does not say, no person is assumed.
   */
  private static boolean terminal() {
    try {
      String target = ERROR_OUTPUT.toRealPath().toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
