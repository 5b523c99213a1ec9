package io.mayfly.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Durations as the server takes them: {@code 250ms 30s 5m 2h 7d}, or ISO 8601. */
final class Durations {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private Durations() {}

  static Duration parse(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (matcher.matches()) {
      long unitMillis = MILLIS.getOrDefault(matcher.group(2), 1L);
      return Duration.ofMillis(unitMillis * Long.parseLong(matcher.group(1)));
    }
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // Told below, with what is expected.
    }
    throw new TypeConversionException(
        "'" + text + "' is no duration (expected: 250ms, 30s, 5m, 2h, 7d or PT30S)");
  }

  /** As the server reads it; null stays null. */
  static @Nullable String text(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis() + "ms";
  }
}
