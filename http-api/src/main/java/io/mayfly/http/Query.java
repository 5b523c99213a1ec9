package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.time.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query parameters that the operation knows; others are ignored, as they may be newer. */
final class Query {
  private static final Query EMPTY = new Query(Map.of());

  /** Mayfly's own numbers stay below 2^53. */
  private static final int DIGITS_MAX = 15;

  private final Map<Parameter, String> values;

  private Query(Map<Parameter, String> values) {
    this.values = values;
  }

  static Query parse(String raw, Set<Parameter> known) {
    if (raw.isEmpty()) {
      return EMPTY;
    }
    Map<Parameter, String> values = new EnumMap<>(Parameter.class);
    int from = 0;
    while (from <= raw.length()) {
      int and = raw.indexOf('&', from);
      int to = and < 0 ? raw.length() : and;
      pair(raw, from, to, known, values);
      from = to + 1;
    }
    return new Query(values);
  }

  private static void pair(
      String raw, int from, int to, Set<Parameter> known, Map<Parameter, String> values) {
    int equals = raw.indexOf('=', from);
    int nameEnd = equals < 0 || equals > to ? to : equals;
    String name = decode(raw, from, nameEnd);
    String value = nameEnd == to ? "" : decode(raw, nameEnd + 1, to);
    for (Parameter parameter : known) {
      if (parameter.text().equals(name) && values.put(parameter, value) != null) {
        throw invalid(parameter, "it is named twice");
      }
    }
  }

  private static String decode(String raw, int from, int to) {
    try {
      return PercentCoding.decode(raw, from, to, true);
    } catch (IllegalArgumentException e) {
      throw Problem.of(ProblemType.INVALID_PARAMETER, "In the query, " + e.getMessage() + ".")
          .exception();
    }
  }

  @Nullable String text(Parameter parameter) {
    return values.get(parameter);
  }

  @Nullable Duration duration(Parameter parameter) {
    String text = values.get(parameter);
    if (text == null) {
      return null;
    }
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw invalid(parameter, "expected 250ms, 30s, 5m, 2h, 7d or PT30S, at most 365250d");
    }
  }

  /** An instant; a space stands for the plus sign of an offset that was left unencoded. */
  @Nullable Instant instant(Parameter parameter) {
    String text = values.get(parameter);
    if (text == null) {
      return null;
    }
    try {
      return InstantText.parse(text.replace(' ', '+'));
    } catch (IllegalArgumentException e) {
      throw invalid(parameter, String.valueOf(e.getMessage()));
    }
  }

  /** A whole number from {@code min} to {@code max}, or {@code standard} when it is not named. */
  long number(Parameter parameter, long min, long max, long standard) {
    String text = values.get(parameter);
    if (text == null) {
      return standard;
    }
    long number = text.isEmpty() || text.length() > DIGITS_MAX ? -1 : 0;
    for (int i = 0; i < text.length() && number >= 0; i++) {
      char c = text.charAt(i);
      number = c < '0' || c > '9' ? -1 : number * 10 + (c - '0');
    }
    if (number < min || number > max) {
      throw invalid(parameter, "expected a whole number from " + min + " to " + max);
    }
    return number;
  }

  /** Whether the parameter has the one value that is not its default. */
  boolean choice(Parameter parameter, String standard, String other) {
    String text = values.get(parameter);
    if (text == null || text.equals(standard)) {
      return false;
    }
    if (!text.equals(other)) {
      throw invalid(parameter, "expected " + standard + " or " + other);
    }
    return true;
  }

  static ProblemException invalid(Parameter parameter, String why) {
    return Problem.of(
            ProblemType.INVALID_PARAMETER,
            "The query parameter " + parameter.text() + " is invalid: " + why + ".")
        .with("parameter", parameter.text())
        .exception();
  }
}
