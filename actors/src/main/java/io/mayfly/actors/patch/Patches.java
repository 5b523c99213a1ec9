package io.mayfly.actors.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.Value;
import java.util.Map;

/** Applies a change to a value: all of it or nothing. */
public final class Patches {
  private Patches() {}

  /**
   * The value after the change; the very same bytes when the change changes nothing.
   *
   * @param bytesMax the largest document, also between two operations
   * @throws PatchFailure when it does not apply
   */
  public static Value apply(Change change, Value value, int bytesMax) throws PatchFailure {
    JsonNode before = Trees.read(value);
    JsonNode after =
        change instanceof Change.MergePatch merge
            ? merge(before.deepCopy(), Trees.read(merge.document()))
            : new JsonPatching(before.deepCopy(), bytesMax)
                .run(((Change.JsonPatch) change).operations());
    if (after.equals(before)) {
      return value;
    }
    if (Trees.tooDeep(after, Trees.DEPTH_MAX)) {
      throw PatchFailure.whole("nesting", "the document nests deeper than " + Trees.DEPTH_MAX);
    }
    return Trees.write(after);
  }

  /** RFC 7396, 2. */
  private static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode object)) {
      return patch;
    }
    ObjectNode merged =
        target instanceof ObjectNode standing ? standing : JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (member.getValue().isNull()) {
        merged.remove(member.getKey());
      } else {
        JsonNode standing = merged.path(member.getKey());
        merged.set(member.getKey(), merge(standing, member.getValue()));
      }
    }
    return merged;
  }
}
