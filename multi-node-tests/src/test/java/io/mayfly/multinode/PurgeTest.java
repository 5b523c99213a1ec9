package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.fault.StoredFiles;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
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
      awaitNoTrace();

      assertThat(server.terminate(BOUND)).isZero();
      assertThat(traces()).as("after SIGTERM").isEmpty();
    }

    try (ServerProcess server = ServerProcess.start(spec)) {
      assertThat(new StateClient(server.uri()).get(canary).status()).isEqualTo(404);
      assertThat(traces()).as("after restart").isEmpty();
    }
  }

  private void awaitNoTrace() throws IOException {
    try {
      Await.until("no trace in any file", BOUND, () -> traces().isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError("still in " + traces(), e);
    }
  }

  /** The files that still contain the key or the value. */
  private Set<Path> traces() throws IOException {
    StoredFiles files = new StoredFiles(data);
    Set<Path> traces = new TreeSet<>(files.containing(KEY));
    traces.addAll(files.containing(VALUE));
    return traces;
  }
}
