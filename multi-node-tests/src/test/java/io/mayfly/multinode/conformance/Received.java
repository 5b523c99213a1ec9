package io.mayfly.multinode.conformance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** An answer, which is compared with what a vector expects. */
final class Received {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper CBOR = new CBORMapper();

  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  Received(int status, HttpHeaders headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body.clone();
  }

  /** Fails when the answer is not as expected; what the expectation captures, when it is. */
  Map<String, JsonNode> require(JsonNode expect) {
    Map<String, JsonNode> captured = new HashMap<>();
    try {
      for (Map.Entry<String, JsonNode> member : expect.properties()) {
        require(member.getKey(), member.getValue(), captured);
      }
    } catch (Matching.Mismatch | IOException e) {
      throw new Matching.Mismatch(e.getMessage() + "\nin " + this);
    }
    return captured;
  }

  private void require(String what, JsonNode expected, Map<String, JsonNode> captured)
      throws IOException {
    switch (what) {
      case "status" ->
          Matching.require(
              expected, JsonNodeFactory.instance.numberNode(status), "status", captured);
      case "headers" ->
          expected
              .properties()
              .forEach(
                  header ->
                      Matching.require(
                          header.getValue(), header(header.getKey()), header.getKey(), captured));
      case "problem" -> requireProblem(expected.asText());
      case "json" -> Matching.require(expected, JSON.readTree(body), "body", captured);
      case "ndjson" -> Matching.require(expected, all(JSON), "body", captured);
      case "cbor" -> Matching.require(expected, all(CBOR).path(0), "body", captured);
      case "cborSeq" -> Matching.require(expected, all(CBOR), "body", captured);
      case "text" ->
          Matching.require(
              expected,
              TextNode.valueOf(new String(body, StandardCharsets.UTF_8)),
              "body",
              captured);
      case "hex" ->
          Matching.require(
              expected, TextNode.valueOf(HexFormat.of().formatHex(body)), "body", captured);
      default -> throw new AssertionError("nothing to expect has the name " + what);
    }
  }

  private JsonNode header(String name) {
    return headers
        .firstValue(name)
        .<JsonNode>map(TextNode::valueOf)
        .orElse(MissingNode.getInstance());
  }

  private void requireProblem(String name) throws IOException {
    ObjectNode expected =
        JSON.createObjectNode().put("type", "urn:mayfly:problem:" + name).put("status", status);
    Matching.require(
        TextNode.valueOf("application/problem+json"),
        header("Content-Type"),
        "Content-Type",
        new HashMap<>());
    Matching.require(expected, JSON.readTree(body), "problem", new HashMap<>());
  }

  private ArrayNode all(ObjectMapper mapper) throws IOException {
    ArrayNode documents = JSON.createArrayNode();
    try (JsonParser parser = mapper.createParser(body)) {
      while (parser.nextToken() != null) {
        documents.add(asJson(mapper.readTree(parser)));
      }
    }
    return documents;
  }

  private static JsonNode asJson(JsonNode document) throws IOException {
    if (document.isBinary()) {
      return TextNode.valueOf(
          Base64.getUrlEncoder().withoutPadding().encodeToString(document.binaryValue()));
    }
    if (document instanceof ObjectNode members) {
      for (Map.Entry<String, JsonNode> member : members.properties()) {
        member.setValue(asJson(member.getValue()));
      }
    } else if (document instanceof ArrayNode items) {
      for (int i = 0; i < items.size(); i++) {
        items.set(i, asJson(items.get(i)));
      }
    }
    return document;
  }

  @Override
  public String toString() {
    return status + " " + headers.map() + "\n" + new String(body, StandardCharsets.UTF_8);
  }
}
