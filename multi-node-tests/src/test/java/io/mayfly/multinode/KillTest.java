package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.check.KeyCheck;
import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.history.KeyRecord;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.multinode.traffic.Writer;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.testing.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An acknowledged write outlives SIGKILL, and no version is ever given twice. */
final class KillTest {
  private static final int WRITERS = 32;
  private static final int KEYS = 200;

  private final List<KeyRecord> keys =
      IntStream.range(0, KEYS).mapToObj(i -> new KeyRecord(new EntryId("kill", "k" + i))).toList();
  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);

  @TempDir Path data;

  @ParameterizedTest
  @CsvSource({"journaled, 3", "synced, 1"})
  void acknowledgedWrites_killedMidway_areAllThere(String durability, int rounds) throws Exception {
    SplittableRandom random = Seed.random("KillTest " + durability);
    ServerSpec spec =
        ServerSpec.of("kill", data, "mayfly.contract.default.durability=" + durability);

    int acknowledged = 0;
    for (int round = 0; round < Seed.rounds(rounds); round++) {
      try (ServerProcess server = ServerProcess.start(spec)) {
        verify(server);
        acknowledged += writeUntilKilled(server, random);
      }
    }

    try (ServerProcess server = ServerProcess.start(spec)) {
      verify(server);
    }
    threads.shutdownNow();
    System.out.println("KillTest " + durability + ": " + acknowledged + " acknowledged");
    assertThat(acknowledged).isPositive();
  }

  private int writeUntilKilled(ServerProcess server, SplittableRandom random) throws Exception {
    CountDownLatch wanted = new CountDownLatch(random.nextInt(1_000, 4_000));
    List<Future<Integer>> writers = startWriters(server, random, wanted);

    boolean enough = wanted.await(30, TimeUnit.SECONDS);
    server.kill();

    int acknowledged = 0;
    for (Future<Integer> writer : writers) {
      acknowledged += writer.get(30, TimeUnit.SECONDS);
    }
    assertThat(enough).as("acknowledged within 30 s: %s", acknowledged).isTrue();
    return acknowledged;
  }

  private List<Future<Integer>> startWriters(
      ServerProcess server, SplittableRandom random, CountDownLatch wanted) {
    StateClient client = new StateClient(server.uri());
    List<Future<Integer>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      List<KeyRecord> own =
          IntStream.range(0, KEYS)
              .filter(key -> key % WRITERS == number)
              .mapToObj(keys::get)
              .toList();
      writers.add(threads.submit(new Writer(client, own, random.split(), wanted)));
    }
    return writers;
  }

  private void verify(ServerProcess server) throws IOException {
    StateClient client = new StateClient(server.uri());
    for (KeyRecord key : keys) {
      KeyCheck.verify(key, client);
    }
  }
}
