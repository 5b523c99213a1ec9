package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.cli.screen.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What somebody believes of an entry: lines for a reconciliation, and lines of a list alike. */
final class Beliefs {
  private static final List<String> MEMBERS = List.of("key", "incarnation", "revision", "digest");

  private Beliefs() {}

  /** The line with those members only that a belief has; one that is no object as it is. */
  static byte[] of(byte[] line) {
    JsonNode document;
    try {
      document = Json.read(line);
    } catch (IllegalArgumentException e) {
      return line;
    }
    return document instanceof ObjectNode object
        ? Json.line(object.retain(MEMBERS)).getBytes(StandardCharsets.UTF_8)
        : line;
  }
}
