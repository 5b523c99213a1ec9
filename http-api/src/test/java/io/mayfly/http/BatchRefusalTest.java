package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.Refusal;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a batch does when an operation is refused because too much is under way. */
final class BatchRefusalTest {
  private static final TestServer SERVER = TestServer.start("");
  private static final String TWO =
      """
      {"op":"put","namespace":"demo","key":"k","value":1,"ttl":"60s"}
      {"op":"put","namespace":"demo","key":"k","value":2,"ttl":"60s"}
      """;

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void clear() {
    SERVER.entries.clear();
  }

  private static HttpResponse<String> batch(String timeout) {
    return SERVER.send(
        SERVER
            .to("/v1/batch")
            .header("Content-Type", "application/x-ndjson")
            .header("Mayfly-Timeout", timeout)
            .POST(BodyPublishers.ofString(TWO)));
  }

  @Test
  void operation_refusedForAWhile_isSentAgainAndKeepsItsPlace() {
    for (Refusal.Reason reason :
        new Refusal.Reason[] {
          Refusal.Reason.RATE_EXCEEDED,
          Refusal.Reason.KEY_OVERLOADED,
          Refusal.Reason.NAMESPACE_OVERLOADED,
          Refusal.Reason.NODE_OVERLOADED
        }) {
      SERVER.entries.script(Refusal.later(reason, Duration.ofMillis(30)));
    }

    String answer = batch("20s").body();

    assertThat(answer.lines())
        .satisfiesExactly(
            first -> assertThat(first).contains("\"index\":0,\"status\":201"),
            second -> assertThat(second).contains("\"index\":1,\"status\":200"));
    assertThat(SERVER.get("/v1/state/demo/k").body()).isEqualTo("2");
    assertThat(SERVER.entries.lastTimeout()).isPositive();
  }

  @Test
  void operation_refusedBeyondItsTime_isAnsweredWithTheRefusal() {
    SERVER.entries.script(Refusal.later(Refusal.Reason.RATE_EXCEEDED, Duration.ofSeconds(2)));

    String answer = batch("1s").body();

    assertThat(answer.lines())
        .satisfiesExactly(
            first -> assertThat(first).contains("\"status\":429").contains("rate-exceeded"),
            second -> assertThat(second).contains("\"status\":201"));
  }
}
