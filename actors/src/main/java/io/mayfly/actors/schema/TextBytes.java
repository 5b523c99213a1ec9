package io.mayfly.actors.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Base64;
import java.util.Map;

/** Trees as JSON shows them: byte strings as base64url text. */
final class TextBytes {
  private TextBytes() {}

  /** The same tree, changed in place, or the text that a lone byte string is. */
  static JsonNode of(JsonNode tree) {
    if (tree instanceof BinaryNode bytes) {
      return TextNode.valueOf(
          Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.binaryValue()));
    }
    if (tree instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, of(array.get(i)));
      }
    } else if (tree instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        member.setValue(of(member.getValue()));
      }
    }
    return tree;
  }
}
