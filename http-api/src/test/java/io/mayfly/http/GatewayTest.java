package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GatewayTest {
  private static final String NAMESPACE = "/v1/state/demo";

  private TestServer server;

  @BeforeAll
  void start() {
    server =
        TestServer.start(
            "mayfly.http { in-flight-max = 2, "
                + "list-reads-in-flight = 2, list-bytes-max = 100 B }");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void clear() {
    server.entries.clear();
    server.ready.set(true);
  }

  @Test
  void list_inPages_coversEveryKeyOnce() {
    for (int i = 0; i < 7; i++) {
      server.put(NAMESPACE + "/k" + i, "1");
    }
    server.put(NAMESPACE + "/other", "1");

    HttpResponse<String> first = server.get(NAMESPACE + "?prefix=k&limit=5");
    String cursor = first.body().replaceAll(".*\"cursor\":\"([^\"]*)\".*", "$1");
    HttpResponse<String> second = server.get(NAMESPACE + "?prefix=k&limit=5&cursor=" + cursor);

    assertThat(keys(first)).containsExactly("k0", "k1", "k2", "k3", "k4");
    assertThat(keys(second)).containsExactly("k5", "k6");
    assertThat(second.body()).endsWith("],\"cursor\":null}");
    assertThat(first.body())
        .startsWith(
            "{\"entries\":[{\"key\":\"k0\",\"incarnation\":1767225600000,\"revision\":1,"
                + "\"etag\":\"\\\"1767225600000.1\\\"\","
                + "\"expiresAt\":\"2026-01-01T00:15:00.000Z\"}");
  }

  private static List<String> keys(HttpResponse<String> response) {
    List<String> keys = new ArrayList<>();
    for (String part : response.body().split("\"key\":\"", -1)) {
      if (!part.startsWith("{")) {
        keys.add(part.substring(0, part.indexOf('"')));
      }
    }
    return keys;
  }

  @Test
  void list_expiringWithin_ordersByDeadline() {
    server.put(NAMESPACE + "/a?ttl=3m", "1");
    server.put(NAMESPACE + "/b?ttl=1m", "1");
    server.put(NAMESPACE + "/c?ttl=9m", "1");

    assertThat(keys(server.get(NAMESPACE + "?expiring-within=5m"))).containsExactly("b", "a");
  }

  @Test
  void list_ofWholeEntries_dropsWhatEndedAndShowsValues() {
    for (int i = 0; i < 4; i++) {
      server.put(NAMESPACE + "/k" + i + "?ttl=30s", "[" + i + "]");
    }
    server.entries.script(Refusal.of(Refusal.Reason.UNKNOWN_KEY));

    HttpResponse<String> response = server.get(NAMESPACE + "?view=entries");

    assertThat(keys(response)).containsExactly("k1", "k2", "k3");
    assertThat(response.body()).contains("\"value\":[3]}],\"cursor\":null}");
  }

  @Test
  void list_ofWholeEntries_endsEarlyWhenValuesAreLarge() {
    for (int i = 0; i < 5; i++) {
      server.put(NAMESPACE + "/k" + i, "\"" + "x".repeat(60) + "\"");
    }

    HttpResponse<String> first = server.get(NAMESPACE + "?view=entries&limit=5");
    String cursor = first.body().replaceAll(".*\"cursor\":\"([^\"]*)\".*", "$1");

    assertThat(keys(first)).containsExactly("k0", "k1");
    assertThat(keys(server.get(NAMESPACE + "?view=entries&cursor=" + cursor)))
        .containsExactly("k2", "k3");
  }

  @Test
  void list_ofWholeEntries_passesOverloadOn() {
    server.put(NAMESPACE + "/k", "1");
    server.entries.script(Refusal.of(Refusal.Reason.NODE_OVERLOADED));

    assertThat(server.get(NAMESPACE + "?view=entries").statusCode()).isEqualTo(503);
  }

  @Test
  void door_withAllPlacesTaken_refusesAndRecovers() {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = server.to(NAMESPACE + "/k").build();
    CompletableFuture<HttpResponse<String>> first = new CompletableFuture<>();
    List<CompletableFuture<EntryReply>> held = new ArrayList<>();
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      held.add(new CompletableFuture<>());
      server.entries.script(held.get(i));
    }
    for (int i = 0; i < 3; i++) {
      waiting.add(
          client
              .sendAsync(request, HttpResponse.BodyHandlers.ofString())
              .whenComplete((answer, failure) -> first.complete(answer)));
    }

    HttpResponse<String> refused = first.join();
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(refused.body()).contains("node-overloaded").contains("\"retryAfterMs\":");
    assertThat(server.get("/health/live").statusCode()).isEqualTo(200);

    held.forEach(reply -> reply.complete(Refusal.of(Refusal.Reason.UNKNOWN_KEY)));
    waiting.forEach(response -> assertThat(response.join().statusCode()).isIn(404, 503));
    assertThat(server.get(NAMESPACE + "/k").statusCode()).isEqualTo(404);
  }

  @Test
  void readiness_ofNodeThatIsNotReady_isAProblem() {
    server.ready.set(false);

    assertThat(server.get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(server.get("/health/live").statusCode()).isEqualTo(200);

    server.ready.set(true);
    assertThat(server.get("/health/ready").body()).isEqualTo("{\"status\":\"ready\"}");
  }

  @Test
  void request_toANodeThatIsNotReady_isRefusedAsDraining() {
    server.ready.set(false);

    var refused = server.get(NAMESPACE + "/k");

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("urn:mayfly:problem:draining");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void page_andDocument_areServed() {
    assertThat(server.get("/").body()).contains("<h1>Mayfly</h1>");
    assertThat(server.get("/").headers().firstValue("content-type"))
        .contains("text/html; charset=UTF-8");
    assertThat(server.get("/openapi.json").body()).startsWith("{\n  \"openapi\": \"3.1.0\"");
  }

  @Test
  void options_ofEachPath_namesItsMethods() {
    HttpResponse<String> response =
        server.send(
            server.to(NAMESPACE + "/k").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("allow"))
        .contains("GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
  }

  @Test
  void method_thatThePathLacks_isAnsweredWithAllow() {
    HttpResponse<String> response = server.post(NAMESPACE + "/k", "1");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow"))
        .contains("GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
  }
}
