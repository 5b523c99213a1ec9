package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a node tells that it is loaded. */
final class PressureApiTest {
  private static final TestServer SERVER =
      TestServer.start("mayfly.http { in-flight-max = 2, " + "pressure.listeners-max = 1 }");
  private static final String KEY = "/v1/state/demo/k";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void clear() {
    SERVER.entries.clear();
    SERVER.queues.depths.clear();
    SERVER.ready.set(true);
  }

  private static HttpResponse<InputStream> listen() {
    try {
      return HttpClient.newHttpClient()
          .send(
              SERVER.to("/v1/pressure").header("Accept", "text/event-stream").build(),
              HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void pressure_ofAnIdleNode_hasEveryMember() throws IOException {
    HttpResponse<String> response = SERVER.get("/v1/pressure");
    JsonNode document = new ObjectMapper().readTree(response.body());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(document.get("node").asDouble()).isZero();
    assertThat(document.at("/queues/node/limit").asInt()).isEqualTo(2);
    assertThat(document.at("/queues/node/depth").asInt()).isZero();
    assertThat(document.at("/queues/key/depth").asInt()).isEqualTo(7);
    assertThat(document.at("/latencyMs/p50").isNumber()).isTrue();
    assertThat(document.at("/latencyMs/p99").isNumber()).isTrue();
    assertThat(document.get("errorRate").isNumber()).isTrue();
  }

  @Test
  void pressure_ofAFullNode_isAnsweredAndSaysSo() throws IOException {
    CompletableFuture<EntryReply> reply = new CompletableFuture<>();
    SERVER.entries.script(reply);
    SERVER.entries.script(reply);
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = SERVER.to(KEY).build();
    var first = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    var second = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());

    JsonNode document;
    do {
      document = new ObjectMapper().readTree(SERVER.get("/v1/pressure").body());
    } while (document.get("node").asDouble() < 1);
    HttpResponse<String> refused = SERVER.get(KEY);
    reply.complete(Refusal.of(Refusal.Reason.UNKNOWN_KEY));

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("RateLimit-Policy"))
        .contains("\"key\";q=256, \"namespace\";q=4096, \"node\";q=2");
    assertThat(refused.headers().firstValue("RateLimit").orElseThrow())
        .matches("\"node\";r=0;t=[12]");
    assertThat(refused.body()).contains("\"queue\":\"node\",\"depth\":2,\"limit\":2");
    assertThat(first.join().statusCode()).isEqualTo(404);
    assertThat(second.join().statusCode()).isEqualTo(404);
  }

  @Test
  void events_ofAListener_comeEverySecondUntilTheNodeDrains() throws IOException {
    HttpResponse<InputStream> stream = listen();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));

    assertThat(stream.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    for (int i = 0; i < 2; i++) {
      assertThat(lines.readLine()).isEqualTo("event: pressure");
      assertThat(lines.readLine()).startsWith("data: {\"node\":0.0,\"queues\":{");
      assertThat(lines.readLine()).isEmpty();
    }
    assertThat(listen().statusCode()).as("a second listener").isEqualTo(503);
    SERVER.ready.set(false);
    while (lines.readLine() != null) {}
    SERVER.ready.set(true);
    HttpResponse<InputStream> next;
    do {
      next = listen();
    } while (next.statusCode() == 503);
    assertThat(next.statusCode()).isEqualTo(200);
    next.body().close();
  }

  @Test
  void listener_isToldEverySecondOrOnAJump() {
    PressureRoute.Look look = new PressureRoute.Look();

    assertThat(look.due(0.2)).isTrue();
    assertThat(look.due(0.25)).isFalse();
    assertThat(look.due(0.31)).isTrue();
    for (int i = 0; i < 9; i++) {
      assertThat(look.due(0.31)).isFalse();
    }
    assertThat(look.due(0.31)).isTrue();
  }

  @Test
  void accept_ofEvents_isFoundAmongOthers() {
    assertThat(PressureRoute.wantsEvents("application/json, text/event-stream;q=0.5")).isTrue();
    assertThat(PressureRoute.wantsEvents("text/event-stream;q=0")).isFalse();
    assertThat(PressureRoute.wantsEvents("*/*")).isFalse();
    assertThat(PressureRoute.wantsEvents(null)).isFalse();
  }

  @Test
  void answer_whenAQueueIsMoreThanHalfFull_saysHowMuchRoomThereIs() {
    SERVER.put(KEY, "1");
    HttpResponse<String> before = SERVER.get(KEY);
    SERVER.queues.depths.put("demo", 3000L);
    SERVER.queues.depths.put(new EntryId("demo", "k"), 10L);
    HttpResponse<String> crowded = SERVER.get(KEY);
    SERVER.queues.depths.put("demo", 2048L);
    HttpResponse<String> half = SERVER.get(KEY);

    assertThat(before.headers().firstValue("RateLimit")).isEmpty();
    assertThat(crowded.headers().firstValue("RateLimit")).contains("\"namespace\";r=1096;t=1");
    assertThat(crowded.headers().firstValue("RateLimit-Policy"))
        .contains("\"key\";q=256, \"namespace\";q=4096, \"node\";q=2");
    assertThat(half.headers().firstValue("RateLimit")).isEmpty();
  }

  @Test
  void refusal_ofAKey_namesItsQueue() {
    SERVER.entries.script(Refusal.later(Refusal.Reason.KEY_OVERLOADED, Duration.ofMillis(100)));

    HttpResponse<String> refused = SERVER.get(KEY);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("RateLimit")).contains("\"key\";r=0;t=1");
  }

  @Test
  void refusal_ofARate_namesTheRate() {
    SERVER.entries.script(Refusal.later(Refusal.Reason.RATE_EXCEEDED, Duration.ofMillis(100)));

    HttpResponse<String> refused = SERVER.get(KEY);

    assertThat(refused.headers().firstValue("RateLimit-Policy").orElseThrow())
        .endsWith("\"rate\";q=0;w=1");
    assertThat(refused.headers().firstValue("RateLimit")).contains("\"rate\";r=0;t=1");
  }
}
