package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Retries and fencing tokens over HTTP, under the shipped contract. */
final class IdempotencyApiTest {
  private static final String KEY = "Idempotency-Key";
  private static final String FENCE = "Mayfly-Fence";
  private static final String ENTRY = "/v1/state/retry/e";

  @TempDir Path data;

  private TestNode start() {
    return TestNode.configured(data, Map.of());
  }

  private static void requireReplay(Answer first, Answer again) {
    assertThat(again.status()).isEqualTo(first.status());
    assertThat(again.bytes()).isEqualTo(first.bytes());
    for (String name :
        List.of("ETag", "Location", "Mayfly-Expires-At", "Mayfly-Durability", "Content-Type")) {
      assertThat(again.header(name)).as(name).isEqualTo(first.header(name));
    }
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(first.header("Idempotency-Replayed")).isNotEqualTo("true");
  }

  private static Answer send(TestNode node, String method, String path, String body) {
    return node.send(method, path, BodyPublishers.ofString(body), KEY, "\"k\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PUT    | ?ttl=60s   | 7
          POST   | /increment | {"by":2}
          POST   | /touch     | ``
          POST   | /rollback  | {"toRevision":1}
          DELETE | ``         | ``
          """)
  void retry_ofEachMutation_isReplayedAlsoAfterARestart(String method, String rest, String body) {
    Answer first;
    try (TestNode node = start()) {
      node.put(ENTRY, "1").is(201);
      first = send(node, method, ENTRY + rest, body);
      assertThat(first.status()).isEqualTo(200);
      requireReplay(first, send(node, method, ENTRY + rest, body));
      send(node, method, ENTRY + rest, body + " ").isProblem(422, "idempotency-mismatch");
    }
    try (TestNode node = start()) {
      requireReplay(first, send(node, method, ENTRY + rest, body));
    }
  }

  @Test
  void retry_afterTheEnd_doesNotResurrect() {
    try (TestNode node = start()) {
      Answer first = send(node, "PUT", ENTRY, "1").is(201);
      node.delete(ENTRY).is(200);

      requireReplay(first, send(node, "PUT", ENTRY, "1"));
      node.get(ENTRY).isProblem(410, "key-ended");
    }
  }

  @Test
  void otherRequest_underTheSameKey_isAMismatch() {
    try (TestNode node = start()) {
      send(node, "PUT", ENTRY, "1").is(201);

      send(node, "PUT", ENTRY, "2").isProblem(422, "idempotency-mismatch");
      send(node, "PUT", ENTRY + "?ttl=9s", "1").isProblem(422, "idempotency-mismatch");
      send(node, "DELETE", ENTRY, "1").isProblem(422, "idempotency-mismatch");
      send(node, "POST", ENTRY + "/touch", "1").isProblem(422, "idempotency-mismatch");
      node.put(ENTRY, "1", KEY, "k", "If-Match", "*").isProblem(422, "idempotency-mismatch");
      node.put(ENTRY, "1", KEY, "k", FENCE, "3").isProblem(422, "idempotency-mismatch");
      assertThat(node.get(ENTRY).text()).isEqualTo("1");
    }
  }

  @Test
  void retries_atOnce_haveOneEffect() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (TestNode node = start()) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        answers.add(threads.submit(() -> send(node, "POST", ENTRY + "/increment", "{\"by\":1}")));
      }

      for (Future<Answer> answer : answers) {
        if (answer.get().status() != 201) {
          answer.get().isProblem(409, "idempotency-in-progress");
        }
      }
      assertThat(node.get(ENTRY).text()).isEqualTo("1");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void fence_olderThanSeen_isStale() {
    try (TestNode node = start()) {
      node.put(ENTRY, "1", FENCE, "7").is(201);

      node.put(ENTRY, "2", FENCE, "6").isProblem(412, "stale-fence");
      node.put(ENTRY, "2", FENCE, "7").is(200);
      node.put(ENTRY, "3").is(200);
      node.delete(ENTRY, FENCE, "8").is(200);
      node.put(ENTRY, "4", FENCE, "7").isProblem(412, "stale-fence");
      assertThat(node.put(ENTRY, "4", FENCE, "x").status()).isEqualTo(400);
      assertThat(node.put(ENTRY, "4", FENCE, "-1").status()).isEqualTo(400);
    }
  }
}
