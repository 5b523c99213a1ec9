package io.mayfly.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.time.DurationText;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The body of an increment: {@code {"by": 1, "initial": 0, "ttl": "60s"}}, each member optional,
 * and the body as a whole too.
 */
record Increment(Value by, Value initial, @Nullable Duration ttl) {
  private static final int NUMBER_BYTES = 16;

  /** The numbers 1 and 0 in CBOR. */
  static final Value ONE = new Value(new byte[] {1});

  static final Value ZERO = new Value(new byte[] {0});
  private static final Increment STANDARD = new Increment(ONE, ZERO, null);

  static Increment read(Body body) {
    return body.isEmpty()
        ? STANDARD
        : ValueCodec.parsed(body.format(), body.array(), Increment::members);
  }

  private static Increment members(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw BodyErrors.at("", "The body is expected to be an object.");
    }
    Value by = ONE;
    Value initial = ZERO;
    Duration ttl = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "by" -> by = number(parser, name);
        case "initial" -> initial = number(parser, name);
        case "ttl" -> ttl = ttl(parser);
        default ->
            throw BodyErrors.at(
                BodyErrors.pointer(name), "The members are by, initial and ttl; this is another.");
      }
    }
    return new Increment(by, initial, ttl);
  }

  /** The number at the parser's current token. */
  static Value number(JsonParser parser, String name) throws IOException {
    if (!parser.currentToken().isNumeric()) {
      throw BodyErrors.at(BodyErrors.pointer(name), "The member is expected to be a number.");
    }
    return ValueCodec.item(parser, NUMBER_BYTES);
  }

  private static Duration ttl(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      try {
        return DurationText.parse(parser.getText());
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw malformedTtl();
      }
    }
    throw malformedTtl();
  }

  private static RuntimeException malformedTtl() {
    return BodyErrors.at("/ttl", "The member is expected as 250ms, 30s, 5m, 2h, 7d or PT30S.");
  }

  /** The terms with the body's lifespan, which must not stand together with the query's. */
  Terms termsWithin(Terms terms) {
    if (ttl == null) {
      return terms;
    }
    if (terms.lifespan().specified()) {
      throw BodyErrors.at("/ttl", "The lifespan stands in the query and in the body.");
    }
    return terms.with(new Lifespan(ttl, null));
  }
}
