package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.fault.StoredFiles;
import io.mayfly.multinode.traffic.Answer;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.testing.Seed;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that cannot trust its directory says so, ends, and leaves it as it was. */
final class DataDirectoryTest {
  private static final Duration BOUND = Duration.ofSeconds(15);

  private final SplittableRandom random = Seed.random("DataDirectoryTest");

  @TempDir Path directory;

  @Test
  void directory_inUse_isRefusedToASecondServer() throws IOException {
    ServerSpec spec = ServerSpec.of("in-use", directory);
    try (ServerProcess first = ServerProcess.start(spec)) {
      assertRefused(spec, directory);

      Answer answer = new StateClient(first.uri()).put(new EntryId("demo", "hello"), "ttl=1h", "1");
      assertThat(answer.status()).isEqualTo(201);
    }
  }

  @Test
  void directory_ofSomethingElse_isRefusedUntouched() throws IOException {
    Path foreign = Files.writeString(directory.resolve("thesis.txt"), "years of work");

    assertRefused(ServerSpec.of("foreign", directory), directory);

    assertThat(new StoredFiles(directory).all()).containsExactly(foreign);
    assertThat(foreign).hasContent("years of work");
  }

  @Test
  void directory_thatIsAFile_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no directory");

    assertRefused(ServerSpec.of("file", file), file);

    assertThat(file).hasContent("no directory");
  }

  @Test
  void directory_belowAFile_isRefused() throws IOException {
    // Not a read-only directory: these tests may run as root, whom no permission stops.
    Path below = Files.writeString(directory.resolve("file"), "").resolve("data");

    assertRefused(ServerSpec.of("unwritable", below), below);
  }

  @Test
  void log_damagedInTheMiddle_isRefused() throws IOException {
    ServerSpec spec = ServerSpec.of("damaged-log", directory);
    fill(spec, 2_000);

    StoredFiles.damageMiddle(new StoredFiles(directory).newestWal(), 64, random);

    assertRefused(spec, directory);
  }

  @Test
  void table_damagedInTheMiddle_isRefused() throws IOException {
    ServerSpec spec = ServerSpec.of("damaged-table", directory);
    fill(spec, 2_000);
    // A second start moves what the log holds into tables.
    try (ServerProcess server = ServerProcess.start(spec)) {
      assertThat(server.terminate(BOUND)).isZero();
    }

    StoredFiles.damageMiddle(new StoredFiles(directory).largestTable(), 64, random);

    assertRefused(spec, directory);
  }

  private static void fill(ServerSpec spec, int keys) throws IOException {
    try (ServerProcess server = ServerProcess.start(spec)) {
      StateClient client = new StateClient(server.uri());
      for (int i = 0; i < keys; i++) {
        Answer answer = client.put(new EntryId("fill", "k" + i), "ttl=1h", "\"0123456789\"");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      }
      server.kill();
    }
  }

  private static void assertRefused(ServerSpec spec, Path named) {
    int port = ServerSpec.freePort();
    try (ServerProcess server = ServerProcess.launch(spec.onPort(port))) {
      OptionalInt exitCode = server.waitFor(BOUND);

      assertThat(exitCode).as("exit code; printed: %s", server.output()).isPresent();
      assertThat(exitCode.getAsInt()).isNotZero();
      assertThat(server.isReady()).isFalse();
      assertThat(server.output()).contains(named.toString());
      assertNobodyListens(port);
    }
  }

  private static void assertNobodyListens(int port) {
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
  }
}
