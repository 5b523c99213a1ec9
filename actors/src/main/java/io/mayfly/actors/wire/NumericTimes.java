package io.mayfly.actors.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * Spells instants and durations as numbers of milliseconds, and those that are no such number as
 * ISO 8601 has them: to read a text of it costs as much as the rest of a message.
 */
final class NumericTimes<T> {
  static final NumericTimes<Instant> INSTANTS =
      new NumericTimes<>(Instant::toEpochMilli, Instant::ofEpochMilli, Instant::parse);
  static final NumericTimes<Duration> DURATIONS =
      new NumericTimes<>(Duration::toMillis, Duration::ofMillis, Duration::parse);

  private final ToLongFunction<T> millis;
  private final LongFunction<T> ofMillis;
  private final Function<String, T> parse;

  private NumericTimes(
      ToLongFunction<T> millis, LongFunction<T> ofMillis, Function<String, T> parse) {
    this.millis = millis;
    this.ofMillis = ofMillis;
    this.parse = parse;
  }

  void write(T time, JsonGenerator out) throws IOException {
    try {
      long number = millis.applyAsLong(time);
      if (ofMillis.apply(number).equals(time)) {
        out.writeNumber(number);
        return;
      }
    } catch (ArithmeticException e) {
      // It is too far away for a number.
    }
    out.writeString(time.toString());
  }

  /** Reads what the parser stands at. */
  T read(JsonParser in) throws IOException {
    return in.hasToken(JsonToken.VALUE_NUMBER_INT)
        ? ofMillis.apply(in.getLongValue())
        : parse.apply(in.getText());
  }
}
