package io.mayfly.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mayfly.actors.patch.Trees;
import io.mayfly.protocol.entry.Value;
import java.util.Map;

/** Values as JSON texts, for readable tests. */
public final class JsonText {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private JsonText() {}

  /**
   * The value that a JSON text stands for.
   *
   * @throws IllegalArgumentException when the text is no JSON
   */
  public static Value value(String json) {
    try {
      return Trees.write(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("value: " + json + " (expected: JSON)", e);
    }
  }

  /**
   * The members of a JSON object.
   *
   * @throws IllegalArgumentException when the text is none
   */
  static Map<String, Object> members(String json) {
    try {
      return MAPPER.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("members: " + json + " (expected: a JSON object)", e);
    }
  }

  /** The JSON text that stands for a value. */
  public static String of(Value value) {
    return Trees.read(value).toString();
  }
}
