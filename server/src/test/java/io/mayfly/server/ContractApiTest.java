package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents of contracts over HTTP: versions, conditions, representations, refusals. */
final class ContractApiTest {
  private static final String CONTRACTS = "/v1/contracts";
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
  void document_isCreatedReplacedAndRead() {
    String path = CONTRACTS + "/versions";

    Answer created = node.put(path, "{\"owner\":\"team\",\"lifetime\":{\"max\":\"1h\"}}").is(201);
    Answer replaced = node.put(path, "{\"lifetime\":{\"max\":\"90m\"}}").is(200);
    Answer read = node.get(path).is(200);

    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(created.header("Location")).isEqualTo(path);
    assertThat(created.json().path("lifetime").path("max").asText()).isEqualTo("1h");
    assertThat(replaced.header("ETag")).isEqualTo("\"2\"");
    assertThat(replaced.json().path("owner").asText()).isEmpty();
    assertThat(read.header("ETag")).isEqualTo("\"2\"");
    assertThat(read.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(read.header("Vary")).isEqualTo("Accept");
    assertThat(read.json()).isEqualTo(replaced.json());
    assertThat(read.json().path("version").asInt()).isEqualTo(2);
    assertThat(read.json().path("lifetime").path("max").asText()).isEqualTo("90m");
    assertThat(node.head(path).is(200).header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void document_isComplete() {
    String path = CONTRACTS + "/complete";
    node.put(path, "{}").is(201);

    JsonNode read = node.get(path).is(200).json();

    List<String> members = new ArrayList<>();
    read.fieldNames().forEachRemaining(members::add);
    assertThat(members)
        .containsExactly(
            "namespace",
            "version",
            "owner",
            "description",
            "lifetime",
            "durability",
            "mutation",
            "reconciliation",
            "idempotency",
            "history",
            "limits",
            "privacy");
    assertThat(read.path("lifetime").toString())
        .isEqualTo(
            "{\"default\":\"15m\",\"min\":\"10ms\",\"max\":\"7d\",\"renewal\":\"renewable\","
                + "\"total\":\"30d\",\"tombstone\":\"10m\"}");
    assertThat(read.path("mutation").path("transitions")).hasSize(7);
  }

  @Test
  void documentThatWasRead_isAcceptedUnchanged() {
    String path = CONTRACTS + "/again";
    node.put(
            path,
            "{\"description\":\"Zoë\",\"mutation\":{\"writers\":[\"b\",\"a\"],\"fence\":\"required\"},"
                + "\"schema\":{\"type\":\"object\"},\"lifetime\":{\"default\":\"PT90S\"}}")
        .is(201);
    Answer read = node.get(path).is(200);

    Answer put = node.put(path, read.text(), "If-Match", read.header("ETag")).is(200);

    ObjectNode expected = (ObjectNode) read.json();
    expected.put("version", 2);
    assertThat(put.json()).isEqualTo(expected);
    assertThat(put.json().path("lifetime").path("default").asText()).isEqualTo("90s");
  }

  @Test
  void document_travelsAsCbor() throws Exception {
    String path = CONTRACTS + "/cbor";
    byte[] body =
        Answer.CBOR.writeValueAsBytes(Answer.JSON.readTree("{\"schema\":{\"minimum\":0.5}}"));

    Answer created =
        node.send(
            "PUT",
            path,
            BodyPublishers.ofByteArray(body),
            "Content-Type",
            "application/cbor",
            "Accept",
            "application/cbor");

    assertThat(created.is(201).header("Content-Type")).isEqualTo("application/cbor");
    assertThat(created.cbor().path("schema").path("minimum").asDouble()).isEqualTo(0.5);
    assertThat(node.get(path).json().path("schema").toString()).isEqualTo("{\"minimum\":0.5}");
  }

  @Test
  void namespaceWithoutAContract_isUnknown() {
    String path = CONTRACTS + "/nothing";

    assertThat(node.get(path).isProblem(404, "unknown-contract").json().path("detail").asText())
        .contains("default");
    node.delete(path).isProblem(404, "unknown-contract");
    node.get(CONTRACTS + "/Not-A-Namespace").isProblem(400, "invalid-path");
  }

  @Test
  void conditions_areHeld() {
    String path = CONTRACTS + "/conditions";

    node.put(path, "{}", "If-Match", "*").isProblem(412, "precondition-failed");
    node.put(path, "{}", "If-None-Match", "*").is(201);
    Answer failed =
        node.put(path, "{}", "If-None-Match", "*").isProblem(412, "precondition-failed");
    node.put(path, "{}", "If-Match", "\"1\"").is(200);
    node.put(path, "{}", "If-Match", "\"1\"").isProblem(412, "precondition-failed");
    node.delete(path, "If-Match", "\"1\"").isProblem(412, "precondition-failed");
    node.put(path, "{}", "If-Match", "2").isProblem(400, "invalid-parameter");

    assertThat(failed.json().path("etag").asText()).isEqualTo("\"1\"");
    assertThat(node.get(path, "If-None-Match", "\"2\"").is(304).header("ETag")).isEqualTo("\"2\"");
    assertThat(node.get(path, "If-None-Match", "W/\"2\"").is(304).bytes()).isEmpty();
    node.get(path, "If-None-Match", "\"1\"").is(200);
    node.get(path, "If-Match", "\"1\"").isProblem(412, "precondition-failed");
    node.delete(path, "If-Match", "\"2\"").is(204);
  }

  @Test
  void versionAfterADeletion_goesOn() {
    String path = CONTRACTS + "/goes-on";
    node.put(path, "{}").is(201);
    node.put(path, "{}").is(200);
    node.delete(path).is(204);

    Answer created = node.put(path, "{}").is(201);

    assertThat(created.header("ETag")).isEqualTo("\"3\"");
  }

  @Test
  void list_showsWholeDocumentsInOrder() {
    node.put(CONTRACTS + "/list-b", "{}").is(201);
    node.put(CONTRACTS + "/list-a", "{}").is(201);

    Answer list = node.get(CONTRACTS).is(200);

    List<String> namespaces = list.each("contracts", "namespace");
    assertThat(namespaces).contains("list-a", "list-b").isSorted();
    assertThat(list.json().path("contracts").get(namespaces.indexOf("list-a")))
        .isEqualTo(node.get(CONTRACTS + "/list-a").json());
  }

  @Test
  void preference_choosesTheBody() {
    String path = CONTRACTS + "/prefer";

    assertThat(node.put(path, "{}", "Prefer", "return=minimal").is(201).bytes()).isEmpty();
    Answer replaced = node.put(path, "{}", "Prefer", "return=minimal").is(204);

    assertThat(replaced.header("ETag")).isEqualTo("\"2\"");
    assertThat(replaced.header("Preference-Applied")).isEqualTo("return=minimal");
  }

  @Test
  void everythingWrong_isToldAtOnce() {
    Answer answer =
        node.put(
                CONTRACTS + "/wrong",
                "{\"namespace\":\"other\",\"lifetime\":{\"max\":\"-5s\"},\"limits\":{\"keys\":1.5},"
                    + "\"colour\":1,\"a/b\":2,\"reconciliation\":{\"ordering\":\"lamport\"}}")
            .isProblem(422, "contract-invalid");

    assertThat(answer.each("errors", "pointer"))
        .containsExactly(
            "/namespace",
            "/lifetime/max",
            "/reconciliation/ordering",
            "/limits/keys",
            "/colour",
            "/a~1b");
    node.get(CONTRACTS + "/wrong").isProblem(404, "unknown-contract");
  }

  @Test
  void bodyThatIsNoObject_isMalformed() {
    String path = CONTRACTS + "/malformed";

    node.put(path, "").isProblem(400, "malformed-body");
    node.put(path, "{").isProblem(400, "malformed-body");
    node.put(path, "[]").isProblem(400, "malformed-body");
    node.put(path, "null").isProblem(400, "malformed-body");
    node.put(path, "{\"owner\":\"a\",\"owner\":\"b\"}").isProblem(400, "malformed-body");
    node.put(path, "{\"owner\":\"\\ud800\"}").isProblem(400, "unrepresentable");
    node.put(path, "{\"\\ud800\":1}").isProblem(400, "unrepresentable");
    node.put(path, "{}", "Content-Type", "text/plain").isProblem(415, "unsupported-media-type");
    node.put(path + "?force=perhaps", "{}").isProblem(400, "invalid-parameter");
    node.get(path, "Accept", "text/html").isProblem(406, "not-acceptable");
  }

  @Test
  void invalidSchema_isRefusedWithAPointer() {
    Answer answer =
        node.put(
                CONTRACTS + "/schema",
                "{\"schema\":{\"properties\":{\"a\":{\"$ref\":\"http://127.0.0.1:1/x\"}}}}")
            .isProblem(422, "contract-invalid");

    assertThat(answer.each("errors", "pointer")).containsExactly("/schema/properties/a/$ref");
    node.put(CONTRACTS + "/schema", "{\"schema\":[]}").isProblem(422, "contract-invalid");
    String large = "{\"schema\":{\"description\":\"" + "x".repeat(65_536) + "\"}}";
    node.put(CONTRACTS + "/schema", large).isProblem(422, "contract-invalid");
  }

  @Test
  void concurrentChangesUnderOneCondition_haveOneWinner() throws Exception {
    String path = CONTRACTS + "/race";
    node.put(path, "{}").is(201);
    int rounds = 10;
    int rivals = 8;
    ExecutorService pool = Executors.newFixedThreadPool(rivals);
    try {
      for (int round = 1; round <= rounds; round++) {
        String etag = "\"" + round + '"';
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < rivals; i++) {
          String body = "{\"owner\":\"rival-" + i + "\"}";
          answers.add(pool.submit(() -> node.put(path, body, "If-Match", etag).status()));
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> answer : answers) {
          statuses.add(answer.get());
        }

        assertThat(statuses).containsOnly(200, 412);
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(node.get(path).header("ETag")).isEqualTo("\"" + (rounds + 1) + '"');
  }
}
