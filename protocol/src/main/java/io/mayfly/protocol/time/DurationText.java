package io.mayfly.protocol.time;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 250ms 30s 5m 2h 7d}, or ISO 8601 ({@code PT30S}). */
public final class DurationText {
  private static final Pattern ISO = Pattern.compile("P(?=.)(\\d+D)?(T(?=.)[0-9HMS.]+)?");

  /** The most digits before a unit; so many of any unit do not overflow. */
  private static final int DIGITS_MAX = 12;

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
    int digits = leadingDigits(text);
    if (digits == 0) {
      return iso(text);
    }
    if (digits > DIGITS_MAX) {
      throw malformed(text);
    }
    long count = Long.parseLong(text, 0, digits, 10);
    return switch (text.substring(digits)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> throw malformed(text);
    };
  }

  private static int leadingDigits(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    return digits;
  }

  private static Duration iso(String text) {
    if (!ISO.matcher(text).matches()) {
      throw malformed(text);
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException | ArithmeticException e) {
      throw malformed(text);
    }
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "duration: " + text + " (expected: 250ms, 30s, 5m, 2h, 7d or PT30S)");
  }
}
