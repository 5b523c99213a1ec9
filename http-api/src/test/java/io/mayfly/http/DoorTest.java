package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom a node lets in that is nearly full: 20 places, of which ends and renewals have two. */
final class DoorTest {
  private static final TestServer SERVER =
      TestServer.start("mayfly.http { in-flight-max = 20, body-timeout = 2s }");
  private static final String KEY = "/v1/state/demo/k";
  private static final int CHANGES = 18;

  private final HttpClient client = HttpClient.newHttpClient();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void clear() {
    SERVER.entries.clear();
  }

  private static HttpRequest.Builder put() {
    return SERVER.to(KEY).PUT(HttpRequest.BodyPublishers.ofString("1"));
  }

  @Test
  void node_nearlyFull_refusesChangesBeforeReadsBeforeEnds() {
    CompletableFuture<EntryReply> reply = new CompletableFuture<>();
    List<CompletableFuture<HttpResponse<String>>> inside = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      SERVER.entries.script(reply);
      inside.add(client.sendAsync(put().build(), HttpResponse.BodyHandlers.ofString()));
    }
    while (!SERVER.get("/v1/pressure").body().contains("\"depth\":18,\"limit\":20")) {
      Thread.onSpinWait();
    }

    int change = SERVER.send(put()).statusCode();
    int increment = SERVER.post(KEY + "/increment", "{\"by\":1}").statusCode();
    int acquire =
        SERVER.post("/v1/leases/demo/l/acquire", "{\"holder\":\"h\",\"ttl\":\"1s\"}").statusCode();
    int read = SERVER.get(KEY).statusCode();
    int touch = SERVER.post(KEY + "/touch", "").statusCode();
    int delete = SERVER.send(SERVER.to(KEY).DELETE()).statusCode();
    reply.complete(Refusal.of(Refusal.Reason.UNKNOWN_KEY));

    assertThat(List.of(change, increment, acquire)).containsOnly(503);
    assertThat(List.of(read, touch, delete)).containsOnly(404);
    assertThat(inside).allMatch(answer -> answer.join().statusCode() == 404);
    assertThat(SERVER.send(put()).statusCode()).isEqualTo(201);
  }

  @Test
  void bodiesThatArriveSlowly_takeNoPlaceOfOthers() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < CHANGES; i++) {
        slow.add(begin("", "1"));
      }
      while (!SERVER.get("/v1/pressure").body().contains("\"streams\":{\"depth\":18")) {
        Thread.onSpinWait();
      }

      assertThat(SERVER.send(put()).statusCode()).isEqualTo(201);
      finish(slow.get(0));
      assertThat(RawClient.read(slow.get(0).getInputStream()).status()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void body_thatArrivesAfterTheTimeOfItsRequest_isNotBegun() throws IOException {
    SERVER.put(KEY, "1");
    try (Socket socket = begin("Mayfly-Timeout: 50ms\r\n", "2")) {
      long began = System.nanoTime();
      while (System.nanoTime() - began < Duration.ofMillis(200).toNanos()) {
        Thread.onSpinWait();
      }
      finish(socket);
      RawClient.Answer answer = RawClient.read(socket.getInputStream());

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("its turn").contains("nothing was done");
    }
    assertThat(SERVER.get(KEY).body()).isEqualTo("1");
  }

  /** Sends a PUT of which the last two bytes are missing. */
  private static Socket begin(String headers, String digit) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVER.port());
    socket.setSoTimeout(10_000);
    write(
        socket,
        "PUT " + KEY + " HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Length: 3\r\n\r\n" + digit);
    return socket;
  }

  private static void finish(Socket socket) throws IOException {
    write(socket, "00");
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }
}
