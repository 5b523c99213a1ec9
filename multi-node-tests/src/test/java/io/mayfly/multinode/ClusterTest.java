package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.check.Linearizability;
import io.mayfly.multinode.check.StoryCheck;
import io.mayfly.multinode.cluster.ClusterProcess;
import io.mayfly.multinode.cluster.Fault;
import io.mayfly.multinode.history.Operation;
import io.mayfly.multinode.history.Story;
import io.mayfly.multinode.traffic.Answer;
import io.mayfly.multinode.traffic.LeaseClient;
import io.mayfly.multinode.traffic.RegisterClient;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.time.SteadyClock;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes over one database, broken while clients use them. One round with a kill, unless
 * {@code -Dmayfly.rounds} asks for more; these are of all kinds.
 */
final class ClusterTest {
  private static final List<Fault.Kind> KINDS = List.of(Fault.Kind.values());
  private static final int CLIENTS = 6;
  private static final Duration SERVED_MAX = Duration.ofSeconds(20);

  /** A node that starts again beside two others shares their cores. */
  private static final Duration WHOLE_MAX = Duration.ofSeconds(60);

  private static final Duration LATE_MAX = Duration.ofSeconds(25);
  private static final Duration TRAFFIC_MAX = Duration.ofSeconds(90);

  @TempDir static Path data;
  private static ClusterProcess cluster;

  private final SteadyClock clock = SteadyClock.system();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeAll
  static void start() {
    cluster = ClusterProcess.start(data);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void contract_changedThroughOneNode_isInForceOnAllWithinASecond() throws IOException {
    List<StateClient> nodes = nodes(Duration.ofSeconds(5));
    for (int round = 1; round <= 5; round++) {
      String contract = "{\"limits\":{\"valueBytes\":" + (10 + round) + "}}";
      EntryId id = new EntryId("agreed-" + round, "k");

      assertThat(nodes.get(0).putContract(id.namespace(), contract).isSuccess()).isTrue();

      for (StateClient node : nodes) {
        Await.until(
            "a value that is too large is refused",
            Duration.ofSeconds(1),
            () -> node.put(id, "ttl=1m", "\"" + "x".repeat(20) + "\"").status() == 413);
      }
    }
  }

  @Test
  void registersDeadlinesAndTokens_underFaults_keepWhatIsPromised() throws Exception {
    SplittableRandom random = Seed.random("ClusterTest");
    int rounds = Seed.rounds(1);
    for (int round = 1; round <= rounds; round++) {
      Fault.Kind kind = rounds == 1 ? Fault.Kind.KILL : KINDS.get(random.nextInt(KINDS.size()));
      Fault fault = new Fault(kind, cluster, random);
      System.out.println("ClusterTest: round " + round + ": " + fault);
      round("round-" + round, fault, random);
    }
  }

  private void round(String namespace, Fault fault, SplittableRandom random) throws Exception {
    List<EntryId> keys = keys(namespace, "k", 30);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong values = new AtomicLong();
    List<Future<Map<EntryId, List<Operation>>>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          threads.submit(
              new RegisterClient(
                  nodes(Duration.ofSeconds(1)), keys, values, random.split(), stop)));
    }
    Future<Long> tokens = threads.submit(tokens("/v1/leases/" + namespace + "/lock", stop));
    List<EntryId> ending = keys(namespace, "ending", 40);
    StateClient first = nodes(Duration.ofSeconds(5)).get(0);
    for (EntryId key : ending) {
      assertThat(first.put(key, "ttl=4s", "1").isSuccess()).isTrue();
    }
    Instant due = clock.instant().plusSeconds(4);

    fault.inflict();

    Duration takenOver = servedAgain(keys, fault.serving(), SERVED_MAX);
    for (int node : fault.refusing()) {
      awaitNoQuorum(keys.get(0), node);
    }
    fault.mend();
    Duration back = servedAgain(keys, all(), WHOLE_MAX);
    stop.set(true);
    Map<EntryId, List<Operation>> history = new HashMap<>();
    for (Future<Map<EntryId, List<Operation>>> client : clients) {
      client
          .get(TRAFFIC_MAX.toSeconds(), TimeUnit.SECONDS)
          .forEach(
              (key, operations) ->
                  history.computeIfAbsent(key, any -> new ArrayList<>()).addAll(operations));
    }
    long highest = tokens.get(TRAFFIC_MAX.toSeconds(), TimeUnit.SECONDS);
    Duration late = endedOnce(ending, due);
    int operations = history.values().stream().mapToInt(List::size).sum();
    System.out.printf(
        "ClusterTest: %s: %d operations, taken over after %s, whole after %s, ends at most %s late,"
            + " %d tokens%n",
        fault, operations, takenOver, back, late, highest);
    history.forEach(
        (key, all) ->
            assertThat(Linearizability.holds(all)).as("%s: %s", key.text(), all).isTrue());
    assertThat(operations).isGreaterThan(100);
  }

  /** Waits until each key answers through each of the nodes; returns how long that took. */
  private static Duration servedAgain(List<EntryId> keys, List<Integer> nodes, Duration limit) {
    long startNanos = System.nanoTime();
    for (int number : nodes) {
      StateClient node = new StateClient(cluster.uri(number), Duration.ofMillis(500));
      for (EntryId key : keys) {
        Await.until(
            key.text() + " served through node " + number + " within " + limit,
            limit.minusNanos(System.nanoTime() - startNanos),
            () -> answers(() -> List.of(200, 404).contains(node.get(key).status())));
      }
    }
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private static void awaitNoQuorum(EntryId key, int number) {
    StateClient node = new StateClient(cluster.uri(number), Duration.ofMillis(500));
    Await.until(
        "node " + number + " refuses",
        SERVED_MAX,
        () -> answers(() -> node.put(key, "ttl=1h", "0").body().contains("no-quorum")));
  }

  private static boolean answers(Callable<Boolean> request) throws Exception {
    try {
      return request.call();
    } catch (IOException e) {
      return false;
    }
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
        try {
          Answer answer = node.acquire(path, "me", Duration.ofMillis(500), Duration.ofMillis(500));
          if (answer.isSuccess()) {
            long token = answer.json().path("token").asLong();
            assertThat(token).isGreaterThan(last);
            last = token;
            granted++;
            node.release(path, answer.json().path("leaseId").asText());
          }
        } catch (IOException e) {
          // A node that is gone grants nothing, or nobody hears of it.
          unanswered++;
        }
      }
      assertThat(granted).as("granted; %s unanswered", unanswered).isPositive();
      return granted;
    };
  }

  /** Waits until each key has its one end; returns the longest lateness. */
  private static Duration endedOnce(List<EntryId> keys, Instant due) throws IOException {
    StateClient node = nodes(Duration.ofSeconds(5)).get(1);
    Duration latest = Duration.ZERO;
    for (EntryId key : keys) {
      Await.until(
          key.text() + " is ended",
          LATE_MAX,
          () -> !Story.read(node.history(key).json()).ends().isEmpty());
      Story story = Story.read(node.history(key).json());
      StoryCheck.verify(story);
      assertThat(story.ends()).hasSize(1);
      Duration late = Duration.between(due, story.ends().get(0).at());
      latest = late.compareTo(latest) > 0 ? late : latest;
    }
    assertThat(latest).isLessThanOrEqualTo(LATE_MAX);
    return latest;
  }

  private static List<Integer> all() {
    return IntStream.rangeClosed(1, cluster.size()).boxed().toList();
  }

  private static List<StateClient> nodes(Duration patience) {
    return all().stream().map(node -> new StateClient(cluster.uri(node), patience)).toList();
  }

  private static List<EntryId> keys(String namespace, String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> new EntryId(namespace, prefix + i)).toList();
  }
}
