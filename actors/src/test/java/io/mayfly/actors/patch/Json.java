package io.mayfly.actors.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.Change.Operation;
import io.mayfly.protocol.entry.Change.Verb;
import io.mayfly.protocol.entry.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** JSON texts as values and patches, for tests. */
public final class Json {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(1000).build());
  }

  private Json() {}

  /** The value that a JSON text stands for. */
  public static Value value(String json) {
    return Trees.write(tree(json));
  }

  /** The JSON text that stands for a value. */
  public static String text(Value value) {
    return Trees.read(value).toString();
  }

  /** A JSON Patch from the texts of its operations, joined by commas. */
  public static Change patch(String operations) {
    return new Change.JsonPatch(
        StreamSupport.stream(tree("[" + operations + "]").spliterator(), false)
            .map(Json::operation)
            .toList());
  }

  private static Operation operation(JsonNode node) {
    JsonNode from = node.get("from");
    JsonNode value = node.get("value");
    return new Operation(
        Verb.valueOf(node.get("op").textValue().toUpperCase(Locale.ROOT)),
        tokens(node.get("path").textValue()),
        from == null ? null : tokens(from.textValue()),
        orNull(value));
  }

  private static @Nullable Value orNull(@Nullable JsonNode node) {
    return node == null ? null : Trees.write(node);
  }

  private static List<String> tokens(String pointer) {
    return pointer.isEmpty()
        ? List.of()
        : Arrays.stream(pointer.substring(1).split("/", -1))
            .map(token -> token.replace("~1", "/").replace("~0", "~"))
            .toList();
  }

  private static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
