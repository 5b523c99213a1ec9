package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EntryApiTest {
  private static final String HELLO = "/v1/state/demo/hello";

  private TestServer server;

  @BeforeAll
  void start() {
    server = TestServer.start();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void clear() {
    server.entries.clear();
    server.now.set(TestServer.START);
  }

  @Test
  void put_ofNewKey_answersCreatedWithReceipt() {
    HttpResponse<String> response = server.put(HELLO + "?ttl=30s", "{\"hello\":\"world\"}");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body())
        .isEqualTo(
            "{\"namespace\":\"demo\",\"key\":\"hello\",\"incarnation\":1767225600000,"
                + "\"revision\":1,\"etag\":\"\\\"1767225600000.1\\\"\","
                + "\"createdAt\":\"2026-01-01T00:00:00.000Z\","
                + "\"updatedAt\":\"2026-01-01T00:00:00.000Z\","
                + "\"expiresAt\":\"2026-01-01T00:00:30.000Z\","
                + "\"durability\":\"journaled\",\"outcome\":\"created\"}");
    assertThat(response.headers().map())
        .containsEntry("location", List.of(HELLO))
        .containsEntry("etag", List.of("\"1767225600000.1\""))
        .containsEntry("mayfly-expires-at", List.of("2026-01-01T00:00:30.000Z"))
        .containsEntry("mayfly-durability", List.of("journaled"))
        .containsEntry("cache-control", List.of("no-cache"))
        .containsEntry("vary", List.of("Accept"))
        .containsEntry("content-type", List.of("application/json"));
  }

  @Test
  void get_ofLiveKey_answersTheBareValue() {
    server.put(HELLO, "{ \"hello\" : \"world\" }");

    HttpResponse<String> response = server.get(HELLO);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"hello\":\"world\"}");
  }
}
