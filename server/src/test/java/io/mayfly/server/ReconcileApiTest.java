package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.http.value.CanonicalCbor;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients believe, held against what is. */
final class ReconcileApiTest {
  private static final String RECONCILE = "/v1/reconcile/beliefs";
  private static final String STATE = "/v1/state/beliefs/";
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String belief(JsonNode receipt, long revision, String more) {
    return "{\"key\":\""
        + receipt.path("key").asText()
        + "\",\"incarnation\":"
        + receipt.path("incarnation").asLong()
        + ",\"revision\":"
        + revision
        + more
        + "}\n";
  }

  private static List<JsonNode> verdicts(Answer answer) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : answer.text().split("\n", -1)) {
      if (!line.isEmpty()) {
        lines.add(Answer.JSON.readTree(line));
      }
    }
    return lines;
  }

  private static String digest(String json) {
    return CanonicalCbor.digest(
        ValueCodec.read(Format.JSON, json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void beliefs_getTheirVerdictsInOrder() throws Exception {
    JsonNode same = node.put(STATE + "same", "{\"b\":1,\"a\":2}").is(201).json();
    JsonNode stale = node.put(STATE + "stale", "1").is(201).json();
    node.put(STATE + "stale", "2").is(200);
    JsonNode gone = node.put(STATE + "gone", "1").is(201).json();
    node.delete(STATE + "gone").is(200);
    String beliefs =
        belief(same, 1, "")
            + belief(same, 1, ",\"digest\":\"" + digest("{\"a\":2,\"b\":1}") + "\"")
            + belief(same, 1, ",\"digest\":\"" + digest("{\"a\":3}") + "\"")
            + belief(same, 2, "")
            + belief(stale, 1, "")
            + belief(gone, 1, "")
            + "{\"key\":\"never\",\"incarnation\":1,\"revision\":1}\n"
            + "{\"key\":\"never\"}\n"
            + "nonsense\n";

    Answer answer = node.post(RECONCILE, beliefs, "Content-Type", "application/x-ndjson").is(200);

    List<JsonNode> verdicts = verdicts(answer);
    assertThat(verdicts.stream().map(line -> line.path("verdict").asText()).toList())
        .containsExactly(
            "match", "match", "diverged", "ahead", "stale", "ended", "unknown", "", "");
    assertThat(verdicts.get(4).path("entry").path("value").asInt()).isEqualTo(2);
    assertThat(verdicts.get(4).path("entry").path("revision").asInt()).isEqualTo(2);
    assertThat(verdicts.get(5).path("reason").asText()).isEqualTo("deleted");
    assertThat(verdicts.get(7).path("status").asInt()).isEqualTo(400);
    assertThat(verdicts.get(7).path("index").asInt()).isEqualTo(7);
    assertThat(verdicts.get(8).path("problem").path("type").asText())
        .isEqualTo("urn:mayfly:problem:malformed-body");
  }

  @Test
  void clientThatLostHalfItsCopies_getsThemBackInOneStream() {
    int entries = 5_000;
    long[] incarnations = new long[entries];
    exchange(
        "/v1/batch",
        entries,
        i -> "{'op':'put','namespace':'copies','key':'k" + i + "','value':{'n':" + i + "}}\n",
        (answer, i) -> incarnations[i] = answer.at("/receipt/incarnation").asLong());

    exchange(
        "/v1/reconcile/copies",
        entries,
        i ->
            "{'key':'k"
                + i
                + "','incarnation':"
                + (i % 2 == 0 ? incarnations[i] : 1)
                + ",'revision':1}\n",
        (verdict, i) -> {
          assertThat(verdict.path("key").asText()).isEqualTo("k" + i);
          if (i % 2 == 0) {
            assertThat(verdict.path("verdict").asText()).isEqualTo("match");
            assertThat(verdict.has("entry")).isFalse();
          } else {
            assertThat(verdict.path("verdict").asText()).isEqualTo("stale");
            assertThat(verdict.at("/entry/incarnation").asLong()).isEqualTo(incarnations[i]);
            assertThat(verdict.at("/entry/value/n").asInt()).isEqualTo(i);
          }
        });
  }

  /** Sends lines while it reads the answers to them. */
  private static void exchange(
      String target, int count, IntFunction<String> line, ObjIntConsumer<JsonNode> answers) {
    try (LineStream stream = LineStream.open(node.uri(), target)) {
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < count; i++) {
                  stream.send(line.apply(i));
                }
                stream.finish();
              });
      for (int i = 0; i < count; i++) {
        answers.accept(Objects.requireNonNull(stream.next()), i);
      }
      assertThat(stream.next()).isNull();
      sending.join();
    }
  }

  @Test
  void report_countsVerdicts() {
    JsonNode same = node.put(STATE + "counted", "1").is(201).json();
    String beliefs =
        belief(same, 1, "").repeat(3) + "{\"key\":\"never\",\"incarnation\":1,\"revision\":1}\n";

    Answer answer =
        node.post(RECONCILE + "?mode=report", beliefs, "Content-Type", "application/x-ndjson")
            .is(200);

    assertThat(answer.header("Content-Type")).startsWith("application/json");
    assertThat(answer.json().toString())
        .isEqualTo(
            "{\"match\":3,\"stale\":0,\"ahead\":0,\"diverged\":0,\"ended\":0,\"unknown\":1,"
                + "\"problems\":0}");
    node.post(RECONCILE + "?mode=other", "", "Content-Type", "application/x-ndjson")
        .isProblem(400, "invalid-parameter");
  }

  @Test
  void empty_streamIsAnsweredByAnEmptyOne() throws Exception {
    Answer answer = node.post(RECONCILE, "", "Content-Type", "application/x-ndjson").is(200);

    assertThat(verdicts(answer)).isEmpty();
  }
}
