package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections end that the client does not end. */
final class ListenerTest {
  private static final String KEY = "/v1/state/demo/k";

  private static Socket connect(TestServer server) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void get(Socket socket, String target) throws IOException {
    String request = "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static boolean ends(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @Test
  void connection_onWhichNothingPasses_isBroken() throws IOException {
    try (TestServer server = TestServer.start("mayfly.http.idle-timeout = 500ms");
        Socket socket = connect(server)) {
      get(socket, "/health/live");
      assertThat(RawClient.read(socket.getInputStream()).status()).isEqualTo(200);

      assertThat(ends(socket)).isTrue();
    }
  }

  @Test
  @Timeout(60)
  void drain_withARequestUnderWay_answersItAndCloses() throws Exception {
    try (TestServer server = TestServer.start();
        Socket quiet = connect(server);
        Socket asking = connect(server)) {
      get(quiet, "/health/live");
      assertThat(RawClient.read(quiet.getInputStream()).status()).isEqualTo(200);
      CompletableFuture<EntryReply> reply = new CompletableFuture<>();
      server.entries.script(reply);
      get(asking, KEY);
      while (!server.entries.scriptOver()) {
        Thread.onSpinWait();
      }

      CompletableFuture<?> drained = server.drain().toCompletableFuture();

      assertThat(ends(quiet)).isTrue();
      assertThat(drained).isNotDone();
      reply.complete(Refusal.of(Refusal.Reason.UNKNOWN_KEY));
      RawClient.Answer answer = RawClient.read(asking.getInputStream());
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.head()).contains("Connection: close");
      assertThat(ends(asking)).isTrue();
      drained.get(20, TimeUnit.SECONDS);
    }
  }
}
