package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values as JSON and CBOR, names in paths, problems, methods, and what operators ask. */
final class RepresentationApiTest {
  private static final String CBOR = "application/cbor";

  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void cborValue_isReadAsBoth() throws IOException {
    String path = "/v1/state/demo/cbor";
    ObjectNode value = Answer.CBOR.createObjectNode();
    value.put("bytes", new byte[] {-1, -2, -3, 0});
    value.put("max", new BigInteger("18446744073709551615"));
    value.put("min", Long.MIN_VALUE);
    value.put("half", 0.5);

    Answer created = putCbor(path, Answer.CBOR.writeValueAsBytes(value)).is(201);
    Answer json = node.get(path).is(200);
    Answer cbor = node.get(path, "Accept", CBOR).is(200);

    assertThat(created.header("Content-Type")).startsWith("application/json");
    assertThat(json.header("Content-Type")).startsWith("application/json");
    assertThat(json.text())
        .contains("\"max\":18446744073709551615", "\"min\":-9223372036854775808", "\"half\":0.5")
        .contains(
            Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[] {-1, -2, -3, 0}));
    assertThat(cbor.header("Content-Type")).startsWith(CBOR);
    assertThat(cbor.header("Vary")).isEqualTo("Accept");
    assertThat(cbor.cbor()).isEqualTo(Answer.CBOR.readTree(Answer.CBOR.writeValueAsBytes(value)));
  }

  @Test
  void jsonValue_isReadAsCbor() {
    String path = "/v1/state/demo/json";
    node.put(path, "{\"a\":[1,-1,18446744073709551615,0.5,null,true,\"\u00e9\"]}").is(201);

    Answer cbor = node.get(path, "Accept", CBOR).is(200);
    Answer view = node.get(path + "?view=entry", "Accept", CBOR).is(200);

    assertThat(cbor.cbor().path("a").toString())
        .isEqualTo("[1,-1,18446744073709551615,0.5,null,true,\"\u00e9\"]");
    assertThat(view.cbor().path("value")).isEqualTo(cbor.cbor());
    assertThat(view.cbor().path("key").asText()).isEqualTo("json");
  }

  @Test
  void receiptHistoryAndList_areCborWhenAskedFor() {
    String path = "/v1/state/demo-cbor/receipt";

    Answer receipt = node.put(path, "1", "Accept", CBOR).is(201);
    Answer history = node.get(path + "/history", "Accept", CBOR).is(200);
    Answer list = node.get("/v1/state/demo-cbor", "Accept", CBOR).is(200);

    assertThat(receipt.cbor().path("outcome").asText()).isEqualTo("created");
    assertThat(history.cbor().path("events")).hasSize(1);
    assertThat(list.cbor().path("entries").isArray()).isTrue();
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource({
    "*/*, application/json",
    "application/*, application/json",
    "'application/cbor;q=0.5, application/json', application/json",
    "'application/json;q=0.1, application/cbor', application/cbor",
    "'text/html, */*;q=0.1', application/json",
  })
  void accept_isNegotiated(String accept, String type) {
    node.put("/v1/state/demo/accept", "1");

    assertThat(node.get("/v1/state/demo/accept", "Accept", accept).is(200).header("Content-Type"))
        .startsWith(type);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"text/html", "application/xml", "application/json;q=0", "image/*"})
  void acceptThatCannotBeMet_isNotAcceptableAndHasNoEffect(String accept) {
    node.put("/v1/state/demo/not-acceptable", "1");

    node.get("/v1/state/demo/not-acceptable", "Accept", accept).isProblem(406, "not-acceptable");
    node.put("/v1/state/demo/never", "1", "Accept", accept).isProblem(406, "not-acceptable");
    node.get("/v1/state/demo/never").isProblem(404, "unknown-key");
  }

  @Test
  void problem_isJsonUnderAnyAccept() {
    node.get("/v1/state/demo/no-such", "Accept", CBOR).isProblem(404, "unknown-key");
    node.get("/v1/state/demo/no-such", "Accept", "text/html").isProblem(406, "not-acceptable");
  }

  @Test
  void bodyWithoutTypeOrWithThatOfCurl_isJson() {
    node.put("/v1/state/demo/curl", "1").is(201);
    node.put("/v1/state/demo/curl", "2", "Content-Type", "application/x-www-form-urlencoded")
        .is(200);
    node.put("/v1/state/demo/curl", "3", "Content-Type", "application/json; charset=utf-8").is(200);

    node.put("/v1/state/demo/curl", "4", "Content-Type", "text/plain")
        .isProblem(415, "unsupported-media-type");
    assertThat(node.get("/v1/state/demo/curl").text()).isEqualTo("3");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"18446744073709551616", "-9223372036854775809", "[1e400]"})
  void jsonThatCannotBeKept_isRefused(String body) {
    node.put("/v1/state/demo/unrepresentable", body).isProblem(400, "unrepresentable");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(
      strings = {"f97e00", "f97c00", "a10102", "c601", "c249010000000000000000", "81f97e00"})
  void cborThatJsonCannotSay_isRefused(String hex) {
    putCbor("/v1/state/demo/unrepresentable", HexFormat.of().parseHex(hex))
        .isProblem(400, "unrepresentable");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"", "ff", "1c", "82", "0101", "61ff", "a1"})
  void malformedCbor_isRefused(String hex) {
    putCbor("/v1/state/demo/malformed", HexFormat.of().parseHex(hex))
        .isProblem(400, "malformed-body");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource({
    "a%2Fb, a/b",
    "a%20b, a b",
    "%F0%9F%98%80, \ud83d\ude00",
    "a+b, a+b",
    "a%2Bb2, a+b2",
    "%C3%A9, \u00e9",
    "..., ...",
    "history, history",
    "%25, %",
    "q%3Fx, q?x",
    "a:b@c;d=e, a:b@c;d=e",
  })
  void key_isOneEncodedSegment(String encoded, String key) {
    String path = "/v1/state/keys/" + encoded;

    Answer created = node.put(path, "1").is(201);

    assertThat(created.json().path("key").asText()).isEqualTo(key);
    assertThat(node.get(path + "?view=entry").is(200).json().path("key").asText()).isEqualTo(key);
    String location = created.header("Location");
    node.get(location.substring(location.indexOf("/v1/"))).is(200);
    Await.until(
        "the list",
        () -> node.get("/v1/state/keys?limit=100").each("entries", "key").contains(key));
    node.get(path + "/history").is(200);
  }

  @Test
  void plusAndSpace_areTwoKeys() {
    node.put("/v1/state/demo/x+y", "1").is(201);

    node.get("/v1/state/demo/x%20y").isProblem(404, "unknown-key");
    assertThat(node.get("/v1/state/demo/x%2By").is(200).text()).isEqualTo("1");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {".", "..", "%2E", "%2e%2E", "a%00b", "%0A", "%7F", "%FF", "%C3%28"})
  void forbiddenKey_isRefused(String key) {
    node.put("/v1/state/demo/" + key, "1").isProblem(400, "invalid-path");
    node.get("/v1/state/demo/" + key).isProblem(400, "invalid-path");
  }

  @Test
  void keyLength_isCountedInBytes() {
    node.put("/v1/state/demo/" + "k".repeat(512), "1").is(201);
    node.put("/v1/state/demo/" + "k".repeat(513), "1").isProblem(400, "invalid-path");
    node.put("/v1/state/demo/" + "%C3%A9".repeat(256), "1").is(201);
    node.put("/v1/state/demo/" + "%C3%A9".repeat(257), "1").isProblem(400, "invalid-path");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"Upper", "-a", ".a", "_a", "a%20b", "a%2Fb", "%C3%A9"})
  void forbiddenNamespace_isRefused(String namespace) {
    node.put("/v1/state/" + namespace + "/k", "1").isProblem(400, "invalid-path");
  }

  @Test
  void namespaceLength_isAtMost63() {
    node.put("/v1/state/" + "n".repeat(63) + "/k", "1").is(201);
    node.put("/v1/state/" + "n".repeat(64) + "/k", "1").isProblem(400, "invalid-path");
  }

  @Test
  void unknownParameter_isIgnoredAndAnUnknownViewIsNot() {
    node.put("/v1/state/demo/parameters?unknown=1", "1").is(201);

    node.get("/v1/state/demo/parameters?x=y").is(200);
    node.get("/v1/state/demo/parameters?view=all").isProblem(400, "invalid-parameter");
  }

  @Test
  void method_unknownOrNotAllowed() {
    node.put("/v1/state/demo/methods", "1").is(201);

    node.send("BREW", "/v1/state/demo/methods", BodyPublishers.noBody())
        .isProblem(501, "method-unknown");
    Answer refused = node.post("/v1/state/demo/methods", "1");

    refused.isProblem(405, "method-not-allowed");
    assertThat(refused.header("Allow").split(", *"))
        .contains("GET", "HEAD", "PUT", "PATCH", "DELETE");
    assertThat(
            node.get("/v1/state/demo/methods/touch")
                .isProblem(405, "method-not-allowed")
                .header("Allow"))
        .contains("POST");
    assertThat(node.put("/v1/state/demo", "1").isProblem(405, "method-not-allowed").header("Allow"))
        .contains("GET");
    node.get("/v1/nothing").isProblem(404, "not-found");
    node.get("/v1/state/demo/methods/nothing").isProblem(404, "not-found");
  }

  @Test
  void operations_answer() {
    node.get("/health/live").is(200);
    node.get("/health/ready").is(200);
    assertThat(node.get("/").is(200).header("Content-Type")).startsWith("text/html");

    JsonNode api = node.get("/openapi.json").is(200).json();

    assertThat(api.path("openapi").asText()).startsWith("3.1");
    assertThat(api.path("paths").has("/v1/state/{namespace}/{key}")).isTrue();
  }

  private static Answer putCbor(String path, byte[] body) {
    return node.send("PUT", path, BodyPublishers.ofByteArray(body), "Content-Type", CBOR);
  }
}
