package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches while they run: a node that stops, clients that stand still, and rights per line. */
final class BatchStreamTest {
  private static final String BATCH = "/v1/batch";
  private static final int LINES_PER_CHUNK = 50;

  /** More operations than a node holds of one batch, and the buffers between, take answers of. */
  private static final long UNREAD_MAX = 1_500;

  @TempDir Path data;

  private static <T> CompletableFuture<T> beside(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> new Thread(task).start());
  }

  private static List<JsonNode> rest(LineStream stream) {
    List<JsonNode> answers = new ArrayList<>();
    for (JsonNode answer = stream.next(); answer != null; answer = stream.next()) {
      answers.add(answer);
    }
    return answers;
  }

  private static String puts(int from) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i < from + LINES_PER_CHUNK; i++) {
      lines.append("{'op':'put','namespace':'drained','key':'k" + i + "','value':" + i + "}\n");
    }
    return lines.toString();
  }

  /** Sends until the client has read the refusal; how many lines went out. */
  private static int sendUntil(AtomicBoolean refused, LineStream stream) {
    int sent = 0;
    while (!refused.get()) {
      stream.send(puts(sent));
      sent += LINES_PER_CHUNK;
    }
    stream.finish();
    return sent;
  }

  @Test
  void nodeThatStops_answersEveryLineThatItTookAndRefusesTheNext() {
    List<JsonNode> answers = new ArrayList<>();
    int sent;
    TestNode node = TestNode.start(data, Map.of());
    try (LineStream stream = LineStream.open(node.uri(), BATCH)) {
      AtomicBoolean refused = new AtomicBoolean();
      CompletableFuture<Integer> sending = beside(() -> sendUntil(refused, stream));
      for (int i = 0; i < 2_000; i++) {
        answers.add(Objects.requireNonNull(stream.next()));
      }

      CompletableFuture<Void> stopping = CompletableFuture.runAsync(node::close);
      while (!refused.get()) {
        JsonNode answer = Objects.requireNonNull(stream.next());
        answers.add(answer);
        refused.set(answer.path("status").asInt() != 201);
      }

      assertThat(stream.next()).isNull();
      stopping.join();
      sent = sending.join();
    }
    int done = answers.size() - 1;
    assertThat(sent).isGreaterThan(done);
    for (int i = 0; i < done; i++) {
      assertThat(answers.get(i).path("index").asInt()).isEqualTo(i);
      assertThat(answers.get(i).path("status").asInt())
          .as(answers.get(i).toString())
          .isEqualTo(201);
    }
    assertThat(answers.get(done).path("index").asInt()).isEqualTo(done);
    assertThat(answers.get(done).path("status").asInt()).isEqualTo(503);
    assertThat(answers.get(done).at("/problem/type").asText()).endsWith(":draining");
    assertThat(answers.get(done).at("/problem/retryAfterMs").asLong()).isPositive();

    try (TestNode again = TestNode.start(data, Map.of())) {
      for (int i = Math.max(0, done - 600); i < Math.min(sent, done + 600); i++) {
        again.get("/v1/state/drained/k" + i).is(i < done ? 200 : 404);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{'op':'get','namesp"})
  void clientThatSendsNoMore_isToldSoAfterTheIdleTimeout(String unfinished) {
    try (TestNode node =
            TestNode.configured(data, Map.of("mayfly.http.batch.idle-timeout", "700ms"));
        LineStream stream = LineStream.open(node.uri(), BATCH)) {
      stream.send("{'op':'get','namespace':'idle','key':'a'}\n" + unfinished);
      assertThat(Objects.requireNonNull(stream.next()).path("status").asInt()).isEqualTo(404);
      long sinceNanos = System.nanoTime();

      List<JsonNode> answers = rest(stream);

      assertThat(Duration.ofNanos(System.nanoTime() - sinceNanos))
          .isBetween(Duration.ofMillis(600), Duration.ofSeconds(3));
      assertThat(answers).hasSize(1);
      assertThat(answers.get(0).path("index").asInt()).isEqualTo(1);
      assertThat(answers.get(0).path("status").asInt()).isEqualTo(408);
      assertThat(answers.get(0).at("/problem/type").asText()).endsWith(":request-timeout");
    }
  }

  @Test
  void clientThatSendsSlowly_isNotTimedOut() {
    try (TestNode node =
            TestNode.configured(data, Map.of("mayfly.http.batch.idle-timeout", "700ms"));
        LineStream stream = LineStream.open(node.uri(), BATCH)) {
      long sinceNanos = System.nanoTime();
      int lines = 0;
      while (System.nanoTime() - sinceNanos < Duration.ofSeconds(2).toNanos()) {
        stream.send("{'op':'get','namespace':'slow','key':'a'}\n");
        assertThat(Objects.requireNonNull(stream.next()).path("index").asInt()).isEqualTo(lines++);
      }
      stream.finish();

      assertThat(rest(stream)).isEmpty();
    }
  }

  @Test
  void clientsThatDoNotRead_areBoundedAndDisconnectedAndStallNobody() {
    String pair =
        """
        {'op':'get','namespace':'unread','key':'large'}
        {'op':'increment','namespace':'unread','key':'count-N'}
        """;
    try (TestNode node =
        TestNode.configured(data, Map.of("mayfly.http.batch.idle-timeout", "3s"))) {
      node.put("/v1/state/unread/large", '"' + "x".repeat(60_000) + '"').is(201);
      List<LineStream> silent = new ArrayList<>();
      List<CompletableFuture<Integer>> cutOff = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        LineStream stream = LineStream.open(node.uri(), BATCH);
        String lines = pair.replace("N", Integer.toString(i)).repeat(LINES_PER_CHUNK);
        silent.add(stream);
        cutOff.add(beside(() -> sendUntilCutOff(stream, lines)));
      }

      Duration slowest = Duration.ZERO;
      while (!cutOff.stream().allMatch(CompletableFuture::isDone)) {
        long sinceNanos = System.nanoTime();
        node.put("/v1/state/unread/other", "1");
        Duration took = Duration.ofNanos(System.nanoTime() - sinceNanos);
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
      }

      for (int i = 0; i < silent.size(); i++) {
        long done = Long.parseLong(node.get("/v1/state/unread/count-" + i).is(200).text());
        assertThat(cutOff.get(i).join()).isGreaterThan((int) UNREAD_MAX);
        assertThat(2 * done).as("operations of client " + i).isLessThan(UNREAD_MAX);
      }
      assertThat(slowest).isLessThan(Duration.ofSeconds(1));
      silent.forEach(LineStream::close);
    }
  }

  private static int sendUntilCutOff(LineStream stream, String lines) {
    int sent = 0;
    try {
      while (true) {
        stream.send(lines);
        sent += 2 * LINES_PER_CHUNK;
      }
    } catch (UncheckedIOException e) {
      return sent;
    }
  }

  @Test
  void token_ofOneNamespace_isForbiddenTheOthersLineByLine() {
    TestTokens tokens =
        new TestTokens()
            .with("writer", List.of("mine"), "write")
            .with("reader", List.of("mine"), "read");
    String lines =
        """
        {'op':'put','namespace':'mine','key':'a','value':1}
        {'op':'put','namespace':'yours','key':'a','value':1}
        {'op':'get','namespace':'mine','key':'a'}
        {'op':'get','namespace':'yours','key':'a'}
        {'op':'delete','namespace':'mine','key':'a'}
        {'op':'increment','namespace':'yours','key':'b'}
        """;
    try (TestNode node = TestNode.configured(data, tokens.settings())) {
      List<JsonNode> writer = batch(node, tokens.of("writer"), lines);
      List<JsonNode> reader = batch(node, tokens.of("reader"), lines);

      assertThat(statuses(writer)).containsExactly(201, 403, 403, 403, 200, 403);
      assertThat(statuses(reader)).containsExactly(403, 403, 410, 403, 403, 403);
      assertThat(writer.get(1).at("/problem/type").asText()).endsWith(":forbidden");
      assertThat(writer.get(1).toString()).doesNotContain("etag");
    }
  }

  private static List<JsonNode> batch(TestNode node, String token, String lines) {
    try (LineStream stream = LineStream.open(node.uri(), BATCH, "Authorization: " + token)) {
      stream.send(lines);
      stream.finish();
      return rest(stream);
    }
  }

  private static List<Integer> statuses(List<JsonNode> answers) {
    return answers.stream().map(answer -> answer.path("status").asInt()).toList();
  }
}
