package io.mayfly.cli.screen;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON as it is read and written here: numbers keep every digit, names stand once. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private static final ObjectReader WHOLE =
      MAPPER.reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final ObjectWriter PRETTY = MAPPER.writerWithDefaultPrettyPrinter();

  private Json() {}

  /**
   * Reads one document.
   *
   * @throws IllegalArgumentException when the bytes are no JSON; the message says where
   */
  public static JsonNode read(byte[] bytes) {
    JsonNode document;
    try {
      document = WHOLE.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
    if (document.isMissingNode()) {
      throw new IllegalArgumentException("it is empty");
    }
    return document;
  }

  /** Reads one document. */
  public static JsonNode read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The factory of parsers and generators. */
  public static JsonFactory factory() {
    return MAPPER.getFactory();
  }

  /** On one line. */
  public static String line(JsonNode document) {
    try {
      return MAPPER.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** On several lines, for people. */
  public static String pretty(JsonNode document) {
    try {
      return PRETTY.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A text as a JSON string. */
  public static byte[] quoted(String text) {
    return line(MAPPER.getNodeFactory().textNode(text)).getBytes(StandardCharsets.UTF_8);
  }
}
