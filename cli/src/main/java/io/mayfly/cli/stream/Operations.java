package io.mayfly.cli.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.cli.screen.Json;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The operations of a batch, as they are sent. */
public final class Operations {
  private Operations() {}

  /**
   * The operation with an idempotency key, so that it can be sent again. What is no operation stays
   * as it is: the server says what is wrong with it.
   */
  public static byte[] repeatable(byte[] line) {
    JsonNode operation = readable(line);
    if (operation instanceof ObjectNode object
        && !object.path("op").asText().equals("get")
        && !object.has("idempotencyKey")) {
      object.put("idempotencyKey", UUID.randomUUID().toString());
      return Json.line(object).getBytes(StandardCharsets.UTF_8);
    }
    return operation.isMissingNode() ? oneLine(line) : line;
  }

  /** What an operation is about: namespace and key, or nothing. */
  public static String subject(byte[] line) {
    JsonNode operation = readable(line);
    return operation.path("namespace").asText() + '/' + operation.path("key").asText();
  }

  /** The put that makes an entry anew, with its deadline, as a document of {@code view=entry}. */
  public static ObjectNode put(JsonNode entry) {
    ObjectNode put = Json.object();
    put.put("op", "put");
    put.set("namespace", entry.path("namespace"));
    put.set("key", entry.path("key"));
    put.set("expiresAt", entry.path("expiresAt"));
    JsonNode vector = entry.path("versionVector");
    if (vector.isObject() && !vector.isEmpty()) {
      put.put("producer", vector.fieldNames().next());
      put.set("versionVector", vector);
    }
    put.set("value", entry.path("value"));
    return put;
  }

  /** Whether a put with a deadline was refused because it came at or after that deadline. */
  public static boolean overdue(byte[] line, JsonNode answer) {
    JsonNode errors = answer.path("problem").path("errors");
    boolean tooShort = !errors.isEmpty();
    for (JsonNode error : errors) {
      tooShort &= error.path("rule").asText().equals("lifetime.min");
    }
    return tooShort && readable(line).hasNonNull("expiresAt");
  }

  private static JsonNode readable(byte[] line) {
    try {
      return Json.read(line);
    } catch (IllegalArgumentException e) {
      return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
  }

  /** Without the carriage return of a line that some editors leave. */
  private static byte[] oneLine(byte[] line) {
    return new String(line, StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8);
  }
}
