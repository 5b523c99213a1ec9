package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.Await;
import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.fault.StoredFiles;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.EntryId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After its tombstone nothing of an entry is left, neither in answers nor in any file. */
final class PurgeTest {
  private static final String KEY = "canary-key-7f3a91c2d4";
  private static final String VALUE = "canary-value-e85b60af17";
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir Path data;

  @Test
  void endedEntry_afterItsTombstone_isInNoFile() throws IOException {
    ServerSpec spec = ServerSpec.of("purge", data, "mayfly.contract.default.lifetime.tombstone=1s");
    EntryId canary = new EntryId("purge", KEY);
    try (ServerProcess server = ServerProcess.start(spec)) {
      StateClient client = new StateClient(server.uri());
      assertThat(client.put(canary, "ttl=1h", "\"" + VALUE + "\"").status()).isEqualTo(201);
      assertThat(client.put(canary, "ttl=1h", "[\"" + VALUE + "\"]").status()).isEqualTo(200);
      assertThat(client.delete(canary).status()).isEqualTo(200);

      Await.until("404 after the tombstone", BOUND, () -> client.get(canary).status() == 404);
      Await.until("no trace in any file", BOUND, () -> !isStored());

      assertThat(server.terminate(BOUND)).isZero();
      assertThat(isStored()).as("after SIGTERM").isFalse();
    }

    try (ServerProcess server = ServerProcess.start(spec)) {
      assertThat(new StateClient(server.uri()).get(canary).status()).isEqualTo(404);
      assertThat(isStored()).as("after restart").isFalse();
    }
  }

  private boolean isStored() throws IOException {
    StoredFiles files = new StoredFiles(data);
    return !files.containing(KEY).isEmpty() || !files.containing(VALUE).isEmpty();
  }
}
