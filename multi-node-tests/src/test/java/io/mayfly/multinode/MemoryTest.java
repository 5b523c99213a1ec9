package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.traffic.Answer;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.EntryId;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A heap that fills up. */
final class MemoryTest {
  private static final String VALUE = '"' + "x".repeat(16 * 1024) + '"';
  private static final int CREATIONS_MAX = 50_000;
  private static final int AFTER = 300;

  @TempDir Path data;

  private static EntryId key(int number) {
    return new EntryId("memory", "k" + number);
  }

  @Test
  void creations_whenTheHeapIsNearlyFull_areRefusedAndAllElseGoesOn() throws IOException {
    ServerSpec spec =
        ServerSpec.of("memory", data, "mayfly.contract.default.durability=volatile")
            .withHeap("160m");
    try (ServerProcess server = ServerProcess.start(spec)) {
      StateClient client = new StateClient(server.uri());

      int created = 0;
      Answer answer = client.put(key(created), "ttl=1h", VALUE);
      while (answer.status() == 201 && created < CREATIONS_MAX) {
        created++;
        answer = client.put(key(created), "ttl=1h", VALUE);
      }

      assertThat(answer.status()).as(answer.body()).isEqualTo(503);
      assertThat(answer.body()).contains("urn:mayfly:problem:node-overloaded").contains("memory");
      for (int i = 0; i < AFTER; i++) {
        assertThat(client.put(key(CREATIONS_MAX + i), "ttl=1h", VALUE).status()).isIn(201, 503);
        assertThat(client.put(key(i), "ttl=2h", VALUE).status()).as("update").isEqualTo(200);
      }
      assertThat(client.delete(key(0)).status()).isEqualTo(200);
      for (int i = 1; i < created; i++) {
        assertThat(client.get(key(i)).status()).as("key %d of %d", i, created).isEqualTo(200);
      }
      assertThat(server.output())
          .contains("creations are refused")
          .doesNotContain("OutOfMemoryError");
      System.out.println("MemoryTest: " + created + " entries of 16 KiB in a heap of 160 MiB");
    }
  }
}
