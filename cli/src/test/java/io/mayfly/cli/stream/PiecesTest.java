package io.mayfly.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mayfly.cli.client.Failure;
import io.mayfly.cli.client.ScriptedServer;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long streams in pieces, and feeds that go on after a cut. */
final class PiecesTest {
  private static final Target BATCH = Target.of("/v1/batch");

  private final ScriptedServer server = new ScriptedServer();
  private final List<String> taken = new ArrayList<>();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void lines_many_goInPiecesAndAreCountedThrough() {
    server.then(200, answers(256, 200)).then(200, answers(44, 200));
    Pieces pieces = pieces(false);

    IntStream.range(0, 300).forEach(i -> pieces.add(line(i), "k" + i));
    pieces.flush();

    assertThat(taken)
        .containsExactlyElementsOf(
            IntStream.range(0, 300).mapToObj(i -> i + ":" + i + ":200").toList());
  }

  @Test
  void linesThatAreLong_together_goByThemselves() {
    server.then(200, answers(1, 200)).then(200, answers(1, 200));
    Pieces pieces = pieces(false);

    pieces.add("x".repeat(50_000).getBytes(StandardCharsets.UTF_8), "a");
    pieces.add("y".repeat(50_000).getBytes(StandardCharsets.UTF_8), "b");
    pieces.flush();

    assertThat(server.seen()).hasSize(2);
  }

  @Test
  void lineRefusedForNow_withPatience_isSentAgainAlone() {
    server.then(200, answer(0, 200) + answer(1, 503) + answer(2, 200)).then(200, answer(0, 201));
    Pieces pieces = pieces(true);

    IntStream.range(0, 3).forEach(i -> pieces.add(line(i), "k" + i));
    pieces.flush();

    assertThat(taken).containsExactly("0:0:200", "2:2:200", "1:1:201");
    assertThat(server.seen().get(1).body()).isEqualTo("1\n");
  }

  @Test
  void lineRefusedForNow_withoutPatience_isTold() {
    server.then(200, answer(0, 503));
    Pieces pieces = pieces(false);

    pieces.add(line(0), "k");
    pieces.flush();

    assertThat(taken).containsExactly("0:0:503");
  }

  @Test
  void oneKeyTwice_withPatience_isInTwoPieces() {
    server.then(200, answer(0, 200)).then(200, answer(0, 200));
    Pieces pieces = pieces(true);

    pieces.add(line(0), "same");
    pieces.add(line(1), "same");
    pieces.flush();

    assertThat(server.seen()).extracting(ScriptedServer.Seen::body).containsExactly("0\n", "1\n");
  }

  @Test
  void answerCut_inTheMiddle_isAskedForAgain() {
    server.thenCut(answer(0, 200)).then(200, answers(2, 200));
    Pieces pieces = pieces(false);

    pieces.add(line(0), "a");
    pieces.add(line(1), "b");
    pieces.flush();

    assertThat(taken).containsExactly("0:0:200", "1:1:200");
  }

  @Test
  void answers_fewerThanOperations_areAFailure() {
    server.then(200, answer(0, 200));
    Pieces pieces = pieces(false);
    pieces.add(line(0), "a");
    pieces.add(line(1), "b");

    assertThatThrownBy(pieces::flush)
        .isInstanceOf(Failure.class)
        .hasMessageContaining("1 lines for 2 operations");
  }

  @Test
  void feed_cut_goesOnAfterTheLastEventThatWasTaken() {
    server.thenCut(event("1") + event("2")).thenCut("").then(200, event("3") + event("4"));
    List<String> ids = new ArrayList<>();
    List<String> notes = new ArrayList<>();

    new Feed(server.client(Duration.ofSeconds(20)), Target.of("/v1/watch", "demo"), notes::add)
        .follow(
            event -> {
              ids.add(event.path("id").asText());
              return ids.size() < 4;
            });

    assertThat(ids).containsExactly("1", "2", "3", "4");
    assertThat(server.seen()).extracting(ScriptedServer.Seen::lastId).containsExactly("", "2", "2");
    assertThat(notes).hasSize(2).first().asString().contains("going on after 2");
  }

  @Test
  void feed_refusedAfterACut_isAFailure() {
    server.thenCut(event("1")).then(410, ScriptedServer.problem(410, "position-compacted"));
    Feed feed =
        new Feed(server.client(Duration.ofSeconds(20)), Target.of("/v1/watch", "demo"), note -> {});

    assertThatThrownBy(() -> feed.follow(event -> true))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.type()).isEqualTo("position-compacted"));
  }

  @Test
  void operations_withoutKey_getOneAndOthersStay() {
    byte[] put = Operations.repeatable(bytes("{\"op\":\"put\",\"value\":1.50}"));

    assertThat(Json.read(put).path("idempotencyKey").asText()).hasSize(36);
    assertThat(new String(put, StandardCharsets.UTF_8)).contains("1.50");
    for (String line :
        List.of(
            "{\"op\":\"get\"}", "{\"op\":\"put\",\"idempotencyKey\":\"own\"}", "not json", "[1]")) {
      assertThat(Operations.repeatable(bytes(line))).isEqualTo(bytes(line));
    }
  }

  @Test
  void entryWithVector_exported_namesAProducerOfIt() {
    String entry =
        "{\"namespace\":\"n\",\"key\":\"k\",\"expiresAt\":\"2027-01-01T00:00:00.000Z\",\"revision\":4,"
            + "\"versionVector\":{\"cart\":3},\"value\":{\"a\":1}}";

    assertThat(Json.line(Operations.put(Json.read(entry))))
        .isEqualTo(
            "{\"op\":\"put\",\"namespace\":\"n\",\"key\":\"k\",\"expiresAt\":\"2027-01-01T00:00:00.000Z\","
                + "\"producer\":\"cart\",\"versionVector\":{\"cart\":3},\"value\":{\"a\":1}}");
  }

  @Test
  void lateness_ofAPut_isToldFromOtherRefusals() {
    byte[] put = bytes("{\"op\":\"put\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}");
    String refusal = "{\"status\":422,\"problem\":{\"errors\":[{\"rule\":\"%s\"}]}}";

    assertThat(Operations.overdue(put, Json.read(refusal.formatted("lifetime.min")))).isTrue();
    assertThat(Operations.overdue(put, Json.read(refusal.formatted("lifetime.max")))).isFalse();
    assertThat(Operations.overdue(bytes("{}"), Json.read(refusal.formatted("lifetime.min"))))
        .isFalse();
  }

  private Pieces pieces(boolean patient) {
    return new Pieces(
        server.client(Duration.ofSeconds(20)),
        BATCH,
        patient,
        (index, line, answer) ->
            taken.add(
                index
                    + ":"
                    + answer.path("index").asText()
                    + ":"
                    + answer.path("status").asText()));
  }

  private static String answers(int count, int status) {
    return IntStream.range(0, count).mapToObj(i -> answer(i, status)).collect(Collectors.joining());
  }

  private static String answer(int index, int status) {
    return "{\"index\":" + index + ",\"status\":" + status + "}\n";
  }

  private static String event(String id) {
    return "{\"id\":\"" + id + "\",\"event\":\"created\"}\n\n";
  }

  private static byte[] line(int number) {
    return bytes(Integer.toString(number));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
