package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that does not answer for a while. */
final class JournalStallTest {
  private static final int QUEUE = 3;
  private static final Duration BACK_MAX = Duration.ofSeconds(2);

  @TempDir private static Path data;
  private static TestNode node;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() {
    Map<String, Object> settings = new HashMap<>(JournalGate.settings());
    settings.put("mayfly.contract.default.limits.queuePerKey", QUEUE);
    node = TestNode.configured(data, settings);
  }

  @AfterAll
  static void stop() {
    JournalGate.open();
    node.close();
  }

  @AfterEach
  void open() {
    JournalGate.open();
  }

  private CompletableFuture<HttpResponse<String>> put(
      String key, String value, String timeout, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(node.uri() + "/v1/state/stall/" + key))
            .header("Mayfly-Timeout", timeout)
            .PUT(BodyPublishers.ofString(value));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  /** Writes until a write is accepted. */
  private void awaitService(String key) {
    long began = System.nanoTime();
    int status;
    do {
      status = node.put("/v1/state/stall/" + key, "9", "Mayfly-Timeout", "500ms").status();
    } while (status != 200 && status != 201);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BACK_MAX);
  }

  @Test
  void queueOfAKey_countsWhatWaitsAlsoWhenItsCallersGaveUp() {
    node.put("/v1/state/stall/full", "0");
    JournalGate.close();

    HttpResponse<String> begun = put("full", "1", "300ms").join();
    HttpResponse<String> second = put("full", "2", "200ms").join();
    HttpResponse<String> third = put("full", "3", "200ms").join();
    HttpResponse<String> beyond = put("full", "4", "200ms").join();

    assertThat(begun.statusCode()).isEqualTo(504);
    assertThat(begun.body()).contains("outcome-unknown");
    assertThat(second.statusCode()).isEqualTo(503);
    assertThat(second.body()).contains("nothing was done").contains("retryAfterMs");
    assertThat(third.statusCode()).isEqualTo(503);
    assertThat(beyond.statusCode()).isEqualTo(429);
    assertThat(beyond.body())
        .contains("key-overloaded")
        .contains("\"queue\":\"key\",\"depth\":3,\"limit\":3");
    assertThat(beyond.headers().firstValue("RateLimit")).contains("\"key\";r=0;t=1");
    JournalGate.open();
    awaitService("full");
    assertThat(node.get("/v1/state/stall/full/history").text())
        .as("the write whose outcome was unknown, and the last one")
        .contains("\"revision\":3")
        .doesNotContain("\"revision\":4");
  }

  @Test
  void retry_whileTheFirstStillWaits_isInProgress() {
    node.put("/v1/state/stall/retried", "0");
    JournalGate.close();
    put("retried", "1", "1s", "Idempotency-Key", "k").join();

    HttpResponse<String> retry = put("retried", "1", "1s", "Idempotency-Key", "k").join();

    assertThat(retry.statusCode()).isEqualTo(409);
    assertThat(retry.body()).contains("idempotency-in-progress");
    JournalGate.open();
    awaitService("other");
    assertThat(put("retried", "1", "1s", "Idempotency-Key", "k").join().headers().map())
        .containsKey("Idempotency-Replayed");
  }

  /** Three rounds of writes, each as long as its callers wait: about ten seconds. */
  @Test
  void stall_ofTenSeconds_losesAndInventsNothing() {
    int keys = 400;
    node.put("/v1/state/stall/resident", "\"here\"");
    for (int key = 0; key < keys; key++) {
      node.put("/v1/state/stall/k" + key, "0");
    }
    JournalGate.close();

    List<List<HttpResponse<String>>> rounds = new ArrayList<>();
    for (int round = 1; round <= 3; round++) {
      List<CompletableFuture<HttpResponse<String>>> writes = new ArrayList<>();
      for (int key = 0; key < keys; key++) {
        writes.add(put("k" + key, Integer.toString(round), "3s"));
      }
      assertThat(node.get("/v1/state/stall/resident").text()).isEqualTo("\"here\"");
      assertThat(node.get("/health/live").status()).isEqualTo(200);
      assertThat(node.get("/v1/pressure").status()).isEqualTo(200);
      rounds.add(writes.stream().map(CompletableFuture::join).toList());
    }
    JournalGate.open();
    awaitService("after");

    for (int key = 0; key < keys; key++) {
      List<String> possible = new ArrayList<>(List.of("0"));
      for (int round = 1; round <= 3; round++) {
        HttpResponse<String> answer = rounds.get(round - 1).get(key);
        assertThat(answer.statusCode()).as(answer.body()).isIn(429, 503, 504);
        assertThat(answer.body()).contains("urn:mayfly:problem:").contains("\"retryable\":true");
        if (answer.statusCode() == 504) {
          possible.add(Integer.toString(round));
        }
      }
      assertThat(node.get("/v1/state/stall/k" + key).text()).isIn(possible);
    }
    assertThat(rounds.get(0)).anyMatch(answer -> answer.statusCode() == 504);
    assertThat(rounds.get(1)).noneMatch(answer -> answer.statusCode() == 504);
  }
}
