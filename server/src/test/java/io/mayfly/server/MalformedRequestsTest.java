package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated malformed requests: each is refused with a problem, and none harms the server. */
final class MalformedRequestsTest {
  private static final int REQUESTS = 700;

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
  void malformedRequest_isRefusedAndTheServerWorksOn() {
    MalformedRequests requests = new MalformedRequests(Seed.random("MalformedRequestsTest"));
    node.put("/v1/state/malformed/key", "{\"a\":1}").is(201);

    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      byte[] request = requests.next(i);
      String answer = answer(request);
      if (!answer.isEmpty()) {
        wrong.add(i + ": " + shown(request) + "\n    -> " + answer);
      }
    }

    assertThat(wrong).isEmpty();
    node.get("/health/ready").is(200);
    assertThat(node.get("/v1/state/malformed/key").is(200).text()).isEqualTo("{\"a\":1}");
    node.put("/v1/state/malformed/after", "1").is(201);
    assertThat(node.get("/v1/state/malformed/after").is(200).text()).isEqualTo("1");
  }

  @Test
  void headerWithoutAName_isRefused() {
    String request =
        "PUT /v1/state/demo/no-name HTTP/1.1\r\nHost: x\r\n: value\r\n"
            + "Content-Length: 1\r\nConnection: close\r\n\r\n1";

    String wrong = answer(request.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(wrong).isEmpty();
    node.get("/v1/state/demo/no-name").isProblem(404, "unknown-key");
  }

  /** What was wrong with the answer, empty when it was a refusal. */
  private static String answer(byte[] request) {
    try {
      RawExchange exchange = RawExchange.send(node.uri(), request);
      return exchange.refused() ? "" : exchange.toString();
    } catch (IOException e) {
      return "no answer: " + e;
    }
  }

  private static String shown(byte[] request) {
    String text = new String(request, StandardCharsets.ISO_8859_1);
    return text.substring(0, Math.min(300, text.length())).replace("\r\n", " | ");
  }
}
