package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.Fault;
import io.mayfly.multinode.report.FaultReport;
import io.mayfly.multinode.traffic.Answer;
import io.mayfly.multinode.traffic.IncrementClient;
import io.mayfly.multinode.traffic.LeaseClient;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.multinode.traffic.Tally;
import io.mayfly.multinode.traffic.Thought;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.testing.Await;
import io.mayfly.testing.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Three nodes broken while clients use them. One round with a kill, unless {@code -Dmayfly.rounds}
 * asks for more, or {@code -Dmayfly.minutes} for as many as fit; these are of all kinds.
 */
final class ClusterFaultsTest extends ClusterScenario {
  private static final List<Fault.Kind> KINDS = List.of(Fault.Kind.values());
  private static final int ADDING = 2;
  private static final Path REPORT = Path.of("target", "faults", "report.txt");

  @Test
  void registersDeadlinesAndTokens_underFaults_keepWhatIsPromised() throws Exception {
    SplittableRandom random = Seed.random("ClusterFaultsTest");
    Duration length = Duration.ofMinutes(Integer.getInteger("mayfly.minutes", 0));
    int rounds = length.isZero() ? Seed.rounds(1) : Integer.MAX_VALUE;
    FaultReport report = new FaultReport();
    long startNanos = System.nanoTime();
    for (int round = 1; round <= rounds; round++) {
      Fault.Kind kind = rounds == 1 ? Fault.Kind.KILL : KINDS.get(random.nextInt(KINDS.size()));
      Fault fault = new Fault(kind, cluster, random);
      System.out.println("ClusterFaultsTest: round " + round + ": " + fault);
      report.add(round("round-" + round, fault, random));
      report.write(REPORT);
      if (!length.isZero() && System.nanoTime() - startNanos >= length.toNanos()) {
        break;
      }
    }
    System.out.println("ClusterFaultsTest: " + report.summary());
  }

  @Test
  void registersDeadlinesAndTokens_whileTheClockOfANodeIsWrong_keepWhatIsPromised()
      throws Exception {
    SplittableRandom random = Seed.random("ClusterFaultsTest");
    round("clock", new Fault(Fault.Kind.CLOCK, cluster, random), random);
  }

  private FaultReport.Round round(String namespace, Fault fault, SplittableRandom random)
      throws Exception {
    List<EntryId> keys = keys(namespace, "k", 30);
    AtomicBoolean stop = new AtomicBoolean();
    List<StateClient> nodes = nodes(Duration.ofSeconds(1));
    var clients = registers(keys, random, stop, () -> nodes, new Tally());
    EntryId counter = new EntryId(namespace, "counter");
    List<Future<Long>> added = new ArrayList<>();
    for (int i = 0; i < ADDING; i++) {
      added.add(
          threads.submit(
              new IncrementClient(
                  namespace + '-' + i,
                  nodes(Duration.ofSeconds(1)),
                  counter,
                  random.split(),
                  stop)));
    }
    Future<Long> tokens = threads.submit(tokens("/v1/leases/" + namespace + "/lock", stop));
    List<EntryId> ending = keys(namespace, "ending", 40);
    StateClient first = nodes(Duration.ofSeconds(5)).get(0);
    Map<EntryId, Instant> due = new HashMap<>();
    for (EntryId key : ending) {
      Await.until(
          key + " accepted",
          () -> {
            due.put(key, clock.instant().plusSeconds(4).minus(fault.clocksApart()));
            Answer answer = first.put(key, "ttl=4s", "1");
            assertThat(answer)
                .matches(one -> one.isSuccess() || one.status() == 503, "done or refused");
            return answer.isSuccess();
          });
    }

    fault.inflict();

    Duration takenOver = servedAgain(keys, fault.serving(), SERVED_MAX);
    if (fault.survivable()) {
      awaitGone(fault.chosen());
    }
    for (int node : fault.refusing()) {
      awaitNoQuorum(new EntryId(namespace, "probe"), node);
    }
    fault.mend();
    Duration back = servedAgain(keys, all(), WHOLE_MAX);
    awaitWhole();
    // Where nobody was left who may end anything, ends wait for those who come back.
    Instant possible = fault.survivable() ? Instant.EPOCH : clock.instant();
    stop.set(true);
    int operations = verifyLinearizable(clients);
    long highest = tokens.get(TRAFFIC_MAX.toSeconds(), TimeUnit.SECONDS);
    Duration late = endedOnce(due, possible);
    long sum = 0;
    for (Future<Long> one : added) {
      sum += one.get(TRAFFIC_MAX.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(first.get(counter).json().asLong()).as("additions, each once").isEqualTo(sum);
    FaultReport.Round came =
        new FaultReport.Round(fault.kind().name(), operations, takenOver, back, late, highest, sum);
    System.out.println("ClusterFaultsTest: " + came);
    assertThat(operations).isGreaterThan(100);
    return came;
  }

  /** Takes and gives back one lock through all nodes; fails when a token does not grow. */
  private static Callable<Long> tokens(String path, AtomicBoolean stop) {
    List<LeaseClient> nodes =
        IntStream.rangeClosed(1, cluster.size())
            .mapToObj(node -> new LeaseClient(cluster.uri(node)))
            .toList();
    return () -> {
      long last = 0;
      long granted = 0;
      long unanswered = 0;
      for (int turn = 0; !stop.get(); turn++) {
        LeaseClient node = nodes.get(turn % nodes.size());
        long calledNanos = System.nanoTime();
        boolean acquired = false;
        try {
          Answer answer = node.acquire(path, "me", Duration.ofMillis(500), Duration.ofMillis(500));
          if (answer.isSuccess()) {
            long token = answer.json().path("token").asLong();
            assertThat(token).isGreaterThan(last);
            last = token;
            granted++;
            acquired = true;
            node.release(path, answer.json().path("leaseId").asText());
          }
        } catch (IOException e) {
          // A node that is gone grants nothing, or nobody hears of it.
          unanswered++;
        }
        Thought.after(calledNanos, acquired);
      }
      assertThat(granted).as("granted; %s unanswered", unanswered).isPositive();
      return granted;
    };
  }
}
