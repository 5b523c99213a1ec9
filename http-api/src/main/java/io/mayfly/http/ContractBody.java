package io.mayfly.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The body of a contract as the plain tree that its rules read. */
final class ContractBody {
  private static final String SCHEMA = "schema";

  private ContractBody() {}

  /**
   * Reads the body. It is read as a value first, so that whatever no value can hold is refused
   * here, and texts in it can be told back.
   */
  static Map<String, Object> read(Body body) {
    Value whole = ValueCodec.read(body.format(), body.array());
    return ValueCodec.parsed(Format.CBOR, whole.cbor(), ContractBody::document);
  }

  private static Map<String, Object> document(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw BodyErrors.at("", "The body is expected to be an object.");
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      tree.put(name, name.equals(SCHEMA) ? ValueCodec.item(parser, 256) : item(parser));
    }
    return tree;
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> tree = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      tree.put(name, item(parser));
    }
    return tree;
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(item(parser));
    }
    return list;
  }

  /** The item at the parser's token; what no member of a contract takes becomes what it is not. */
  private static Object item(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> Nothing.FITTING;
    };
  }

  private static Object integer(JsonParser parser) throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? Nothing.FITTING
        : (Object) parser.getLongValue();
  }

  /** Null, a fraction, a byte string, a number beyond 63 bits: fits no member. */
  private enum Nothing {
    FITTING
  }
}
