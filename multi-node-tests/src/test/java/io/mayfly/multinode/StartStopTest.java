package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.EntryId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server starts, stops and starts again, and says why when it cannot. */
final class StartStopTest {
  private static final Duration STOP_MAX = Duration.ofSeconds(10);

  @TempDir Path data;

  @Test
  void server_onSigterm_exitsCleanlyAndKeepsWhatItHeld() throws IOException {
    ServerSpec spec = ServerSpec.of("start-stop", data);
    EntryId key = new EntryId("demo", "hello");
    try (ServerProcess server = ServerProcess.start(spec)) {
      System.out.println("StartStopTest: ready after " + server.age().toMillis() + " ms");
      assertThat(new StateClient(server.uri()).put(key, "ttl=1h", "[1]").status()).isEqualTo(201);

      assertThat(server.terminate(STOP_MAX)).isZero();
    }

    try (ServerProcess server = ServerProcess.start(spec)) {
      assertThat(new StateClient(server.uri()).get(key).body()).isEqualTo("[1]");
    }
  }

  @Test
  void server_afterAPause_answersAgain() throws IOException {
    EntryId key = new EntryId("demo", "hello");
    try (ServerProcess server = ServerProcess.start(ServerSpec.of("pause", data))) {
      StateClient client = new StateClient(server.uri());
      assertThat(client.put(key, "ttl=1h", "1").status()).isEqualTo(201);

      server.pause();
      assertThat(server.waitFor(Duration.ofSeconds(2))).isEmpty();
      server.resume();

      assertThat(client.get(key).status()).isEqualTo(200);
    }
  }

  @Test
  void port_inUse_isNamedAndEndsTheServer() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      try (ServerProcess server = ServerProcess.launch(ServerSpec.of("port", data).onPort(port))) {
        OptionalInt exitCode = server.waitFor(Duration.ofSeconds(15));

        assertThat(exitCode).as(server.output()).isPresent();
        assertThat(exitCode.getAsInt()).isNotZero();
        assertThat(server.isReady()).isFalse();
        assertThat(server.output()).contains(Integer.toString(port)).contains("in use");
      }
    }
  }
}
