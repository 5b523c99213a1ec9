package io.mayfly.protocol.time;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 250ms 30s 5m 2h 7d}, or ISO 8601 ({@code PT30S}). */
public final class DurationText {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Pattern ISO = Pattern.compile("P(?=.)(\\d+D)?(T(?=.)[0-9HMS.]+)?");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  /** The longest duration that is understood: a thousand years. */
  public static final Duration MAX = Duration.ofDays(365_250);

  private DurationText() {}

  /**
   * Reads a duration, in whole milliseconds.
   *
   * @throws IllegalArgumentException when the text is no such duration, or longer than {@link #MAX}
   */
  public static Duration parse(String text) {
    Duration duration = read(text);
    if (duration.compareTo(MAX) > 0) {
      throw new IllegalArgumentException("duration: " + text + " (expected: at most 365250d)");
    }
    return Duration.ofMillis(duration.toMillis());
  }

  /**
   * Writes a duration exactly, in the largest unit that divides it: {@code 90s}, {@code 2h}. {@link
   * #parse} reads it back.
   *
   * @param duration not negative, in whole milliseconds
   */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    for (Unit unit : Unit.DESCENDING) {
      if (millis != 0 && millis % unit.millis() == 0) {
        return millis / unit.millis() + unit.text();
      }
    }
    return "0s";
  }

  private record Unit(String text, long millis) {
    static final List<Unit> DESCENDING =
        List.of(
            new Unit("d", 86_400_000),
            new Unit("h", 3_600_000),
            new Unit("m", 60_000),
            new Unit("s", 1_000),
            new Unit("ms", 1));
  }

  private static Duration read(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (matcher.matches()) {
      long unitMillis = MILLIS.getOrDefault(matcher.group(2), 1L);
      return Duration.ofMillis(unitMillis).multipliedBy(Long.parseLong(matcher.group(1)));
    }
    if (ISO.matcher(text).matches()) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException | ArithmeticException e) {
        throw malformed(text);
      }
    }
    throw malformed(text);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "duration: " + text + " (expected: 250ms, 30s, 5m, 2h, 7d or PT30S)");
  }
}
