package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.fault.StoredFiles;
import io.mayfly.multinode.traffic.Answer;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.testing.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose last record is torn costs at most that record. */
final class TornTailTest {
  private static final int KEYS = 100;

  private final SplittableRandom random = Seed.random("TornTailTest");

  @TempDir Path data;

  @BeforeEach
  void writeAndKill() throws IOException {
    try (ServerProcess server = ServerProcess.start(spec())) {
      StateClient client = new StateClient(server.uri());
      for (int i = 0; i < KEYS; i++) {
        Answer answer = client.put(key(i), "ttl=1h", Integer.toString(i));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      }
      server.kill();
    }
  }

  @Test
  void log_cutWithinItsLastRecord_losesAtMostThatRecord() throws IOException {
    StoredFiles.cut(new StoredFiles(data).newestWal(), random.nextInt(1, 9));

    try (ServerProcess server = ServerProcess.start(spec())) {
      assertThat(server.output()).contains("unfinished write");
      assertAllButTheLast(new StateClient(server.uri()));
    }
  }

  @Test
  void log_withGarbageAppended_losesNothing() throws IOException {
    Path wal = new StoredFiles(data).newestWal();
    StoredFiles.appendGarbage(wal, random.nextInt(8, 200), random);

    try (ServerProcess server = ServerProcess.start(spec())) {
      StateClient client = new StateClient(server.uri());
      assertAllButTheLast(client);
      assertThat(client.get(key(KEYS - 1)).body()).isEqualTo(Integer.toString(KEYS - 1));
    }
  }

  private ServerSpec spec() {
    return ServerSpec.of("torn-tail", data);
  }

  private static void assertAllButTheLast(StateClient client) throws IOException {
    for (int i = 0; i < KEYS - 1; i++) {
      assertThat(client.get(key(i)).body()).isEqualTo(Integer.toString(i));
    }
    assertThat(client.get(key(KEYS - 1)).status()).isIn(200, 404);
  }

  private static EntryId key(int number) {
    return new EntryId("torn", "k" + number);
  }
}
