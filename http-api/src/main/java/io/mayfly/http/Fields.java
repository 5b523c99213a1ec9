package io.mayfly.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.time.DurationText;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A body that is one flat object of texts and whole numbers, such as those about leases. */
final class Fields {
  /** The longest text that is looked at. */
  private static final int TEXT_MAX = 1_024;

  private final Map<String, Object> fields;

  private Fields(Map<String, Object> fields) {
    this.fields = fields;
  }

  /**
   * Reads a body.
   *
   * @param known the names that members may have
   */
  static Fields read(Body body, Set<String> known) {
    return ValueCodec.parsed(body.format(), body.array(), parser -> members(parser, known));
  }

  private static Fields members(JsonParser parser, Set<String> known) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw BodyErrors.at("", "The body is expected to be an object.");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (!known.contains(name)) {
        throw BodyErrors.at(
            BodyErrors.pointer(name),
            "The members are " + String.join(", ", known.stream().sorted().toList()) + ".");
      }
      fields.put(name, scalar(parser, name));
    }
    return new Fields(fields);
  }

  private static Object scalar(JsonParser parser, String name) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.VALUE_STRING && parser.getTextLength() <= TEXT_MAX) {
      return parser.getText();
    }
    if (token == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= TEXT_MAX) {
      return parser.getBigIntegerValue();
    }
    throw BodyErrors.at(
        BodyErrors.pointer(name), "The member is expected to be a short text or a whole number.");
  }

  /** A text that must be there: 1 to so many characters, none of them a control character. */
  String text(String name, int lengthMax) {
    if (!(required(name) instanceof String text) || text.isEmpty() || text.length() > lengthMax) {
      throw BodyErrors.at(
          BodyErrors.pointer(name),
          "The member is expected to be a text of 1 to " + lengthMax + " characters.");
    }
    if (text.codePoints().anyMatch(Fields::loneSurrogate)) {
      throw Problem.of(
              ProblemType.UNREPRESENTABLE, "The body holds half of a surrogate pair in " + name)
          .exception();
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw BodyErrors.at(
          BodyErrors.pointer(name), "The member is expected to have no control characters.");
    }
    return text;
  }

  private static boolean loneSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /** A duration that must be there. */
  Duration duration(String name) {
    required(name);
    return duration(name, Duration.ZERO);
  }

  /** A duration, or a standard one when it is not named. */
  Duration duration(String name, Duration standard) {
    Object field = fields.get(name);
    if (field == null) {
      return standard;
    }
    if (field instanceof String text) {
      try {
        return DurationText.parse(text);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw malformedDuration(name);
      }
    }
    throw malformedDuration(name);
  }

  /** A whole number from 1, or 1 when it is not named; one above the limit is cut to it. */
  int count(String name, int limit) {
    Object field = fields.get(name);
    if (field == null) {
      return 1;
    }
    if (field instanceof BigInteger number && number.signum() > 0) {
      return number.min(BigInteger.valueOf(limit)).intValueExact();
    }
    throw BodyErrors.at(
        BodyErrors.pointer(name), "The member is expected to be a whole number from 1.");
  }

  private Object required(String name) {
    @Nullable Object field = fields.get(name);
    if (field == null) {
      throw BodyErrors.at(BodyErrors.pointer(name), "The member " + name + " is missing.");
    }
    return field;
  }

  private static RuntimeException malformedDuration(String name) {
    return BodyErrors.at(
        BodyErrors.pointer(name), "The member is expected as 250ms, 30s, 5m, 2h, 7d or PT30S.");
  }
}
