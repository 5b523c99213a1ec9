package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.traffic.Contender;
import io.mayfly.multinode.traffic.Contender.FencedWrite;
import io.mayfly.multinode.traffic.Contender.Tenure;
import io.mayfly.multinode.traffic.LeaseClient;
import io.mayfly.testing.Await;
import io.mayfly.testing.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One lock and many clients that sleep too long or die, while the server is killed and started
 * again: nobody ever holds the lock beside another, and no stale write is accepted. A round takes
 * about six seconds; {@code -Dmayfly.rounds=10} runs for a minute.
 */
final class MutualExclusionTest {
  private static final int CLIENTS = 64;

  private final Queue<Tenure> tenures = new ConcurrentLinkedQueue<>();
  private final Queue<FencedWrite> writes = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @TempDir Path data;

  @Test
  void lock_underKillsOfHoldersAndServer_hasOneHolderAtATime() throws Exception {
    SplittableRandom random = Seed.random("MutualExclusionTest");
    ServerSpec spec = ServerSpec.of("race", data).onPort(ServerSpec.freePort());
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    ServerProcess server = ServerProcess.start(spec);
    try {
      List<Future<?>> clients = contend(threads, new LeaseClient(server.uri()), random);
      for (int round = 0; round < Seed.rounds(2); round++) {
        held(tenures.size() + random.nextInt(50, 150));
        server.kill();
        server = ServerProcess.start(spec);
        held(tenures.size() + 50);
      }
      over.set(true);
      for (Future<?> client : clients) {
        client.get(30, TimeUnit.SECONDS);
      }
      LeaseClient observer = new LeaseClient(server.uri());
      Await.until(
          "the last lease ends",
          Duration.ofSeconds(5),
          () -> observer.get("/v1/leases/race/lock").json().path("available").asInt() == 1);
    } finally {
      server.close();
      threads.shutdownNow();
    }

    System.out.println(
        "MutualExclusionTest: " + tenures.size() + " tenures, " + writes.size() + " writes");
    requireOneAtATime();
    requireNoStaleWrite();
  }

  private List<Future<?>> contend(
      ExecutorService threads, LeaseClient client, SplittableRandom random) {
    List<Future<?>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          threads.submit(
              new Contender("c" + i, client, random.split(), over::get, tenures, writes)));
    }
    return clients;
  }

  private void held(int count) {
    Await.until(count + " tenures", Duration.ofSeconds(60), () -> tenures.size() >= count);
  }

  private void requireOneAtATime() {
    List<Tenure> inOrder =
        tenures.stream().sorted(Comparator.comparingLong(Tenure::token)).toList();
    assertThat(inOrder).extracting(Tenure::token).doesNotHaveDuplicates();
    for (int i = 1; i < inOrder.size(); i++) {
      Tenure before = inOrder.get(i - 1);
      Tenure after = inOrder.get(i);
      assertThat(after.from()).as(before + " and " + after).isAfterOrEqualTo(before.until());
    }
  }

  private void requireNoStaleWrite() {
    List<FencedWrite> inOrder =
        writes.stream()
            .sorted(
                Comparator.comparingLong(FencedWrite::incarnation)
                    .thenComparingLong(FencedWrite::revision))
            .toList();
    assertThat(inOrder).isNotEmpty();
    for (int i = 1; i < inOrder.size(); i++) {
      assertThat(inOrder.get(i).token())
          .as(inOrder.get(i - 1) + " then " + inOrder.get(i))
          .isGreaterThanOrEqualTo(inOrder.get(i - 1).token());
    }
  }
}
