package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** How long a connection may take to say what it wants. */
final class HeadTimeoutTest {
  private static final TestServer SERVER =
      TestServer.start("mayfly.http { head-timeout = 1s, idle-timeout = 30s, body-timeout = 20s }");
  private static final String KEY = "/v1/state/demo/k";
  private static final int DRIP_MILLIS = 50;
  private static final int DRIPS = 60;

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVER.port());
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Whether the server closes the connection within so many drips. */
  private static boolean closesWhileDripping(Socket socket, String drip) throws IOException {
    socket.setSoTimeout(DRIP_MILLIS);
    for (int i = 0; i < 4 * DRIPS; i++) {
      if (closed(socket, drip)) {
        return true;
      }
    }
    return false;
  }

  private static boolean closed(Socket socket, String drip) {
    try {
      write(socket, drip);
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void head_thatComesAByteAtATime_closesTheConnection() throws IOException {
    try (Socket socket = connect()) {
      write(socket, "GET " + KEY + " HTTP/1.1\r\nX-Slow: ");

      assertThat(closesWhileDripping(socket, "a")).isTrue();
    }
  }

  @Test
  void head_thatDripsAfterAnAnswer_closesTheConnection() throws IOException {
    try (Socket socket = connect()) {
      write(socket, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(RawClient.read(socket.getInputStream()).status()).isEqualTo(200);
      write(socket, "GET " + KEY + " HTTP/1.1\r\nX-Slow: ");

      assertThat(closesWhileDripping(socket, "a")).isTrue();
    }
  }

  @Test
  void upload_thatProgresses_isAnswered() throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(10_000);
      write(socket, "PUT " + KEY + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + DRIPS + "\r\n\r\n");
      String value = "\"" + "a".repeat(DRIPS - 2) + "\"";
      for (int i = 0; i < DRIPS; i++) {
        write(socket, value.substring(i, i + 1));
        pause(Duration.ofMillis(DRIP_MILLIS));
      }

      assertThat(RawClient.read(socket.getInputStream()).status()).isIn(200, 201);
    }
  }

  @Test
  void request_thatIsWorkedOnForLong_isAnswered() throws IOException {
    CompletableFuture<EntryReply> reply = new CompletableFuture<>();
    SERVER.entries.script(reply);
    try (Socket socket = connect()) {
      socket.setSoTimeout(10_000);
      write(socket, "GET " + KEY + " HTTP/1.1\r\nHost: x\r\n\r\n");
      pause(Duration.ofMillis(DRIPS * (long) DRIP_MILLIS));
      reply.complete(Refusal.of(Refusal.Reason.UNKNOWN_KEY));

      assertThat(RawClient.read(socket.getInputStream()).status()).isEqualTo(404);
    }
  }

  @Test
  void stream_thatIsAnsweredForLong_staysOpen() throws IOException {
    try (Socket socket = connect()) {
      write(socket, "GET /v1/pressure HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
      socket.setSoTimeout(10_000);
      int events = 0;
      StringBuilder text = new StringBuilder();
      while (events < 4) {
        int next = socket.getInputStream().read();
        assertThat(next).as(text.toString()).isNotNegative();
        text.append((char) next);
        events = text.toString().split("event: pressure", -1).length - 1;
      }
    }
  }

  /** Time itself is what these connections are given. */
  private static void pause(Duration time) {
    long began = System.nanoTime();
    while (System.nanoTime() - began < time.toNanos()) {
      Thread.onSpinWait();
    }
  }
}
