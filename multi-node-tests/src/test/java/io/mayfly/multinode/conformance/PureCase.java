package io.mayfly.multinode.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What plain HTTP can say of a case that is about bytes or tokens and not about requests. */
final class PureCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PureCase() {}

  /** The steps that check a case at a server; its own, unless it is pure. */
  static Iterable<JsonNode> steps(Case vector) {
    JsonNode content = vector.content();
    if (content.has("canonical")) {
      return canonical(content.get("canonical"));
    }
    if (content.has("fence")) {
      return fence(content.get("fence"));
    }
    if (content.path("steps").isEmpty()) {
      throw new AssertionError("a case without steps: " + content);
    }
    return content.get("steps");
  }

  /** The server agrees on the digest, and the digest is the one of the bytes. */
  private static ArrayNode canonical(JsonNode canonical) {
    String digest = canonical.get("digest").asText();
    if (!digest.equals(digest(canonical.get("hex").asText()))) {
      throw new AssertionError("not the digest of its bytes: " + canonical);
    }
    boolean json = canonical.has("json");
    ObjectNode put = step("PUT", "/v1/state/${ns}/k?ttl=1h", json ? "json" : "cbor");
    put.put(json ? "text" : "hex", canonical.get(json ? "json" : "cbor").asText());
    ObjectNode created = put.putObject("expect").put("status", 201);
    created.putObject("json").putObject("incarnation").put("$capture", "incarnation");

    ObjectNode reconcile = step("POST", "/v1/reconcile/${ns}", "x-ndjson");
    reconcile.put(
        "text",
        "{\"key\":\"k\",\"incarnation\":${incarnation},\"revision\":1,\"digest\":\""
            + digest
            + "\"}\n");
    ObjectNode answered = reconcile.putObject("expect").put("status", 200);
    answered.putArray("ndjson").addObject().put("verdict", "match");
    return JSON.createArrayNode().add(put).add(reconcile);
  }

  /** The server is a resource that verifies fences itself. */
  private static ArrayNode fence(JsonNode tokens) {
    ArrayNode steps = JSON.createArrayNode();
    boolean first = true;
    for (JsonNode pair : tokens) {
      boolean accepted = pair.get(1).asBoolean();
      ObjectNode put = step("PUT", "/v1/state/${ns}/k?ttl=1h", "json").put("text", "1");
      put.withObject("/headers").put("Mayfly-Fence", pair.get(0).asText());
      ObjectNode expect = put.putObject("expect").put("status", first ? 201 : accepted ? 200 : 412);
      if (!accepted) {
        expect.put("problem", "stale-fence");
      }
      steps.add(put);
      first = false;
    }
    return steps;
  }

  private static ObjectNode step(String method, String path, String type) {
    ObjectNode step = JSON.createObjectNode().put("method", method).put("path", path);
    step.putObject("headers").put("Content-Type", "application/" + type);
    return step;
  }

  private static String digest(String hex) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(HexFormat.of().parseHex(hex));
      return "sha-256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
