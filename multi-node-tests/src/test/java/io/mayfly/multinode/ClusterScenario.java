package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.multinode.check.StoryCheck;
import io.mayfly.multinode.cluster.ClusterProcess;
import io.mayfly.multinode.history.Story;
import io.mayfly.multinode.traffic.RegisterClient;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.multinode.traffic.Tally;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.time.SteadyClock;
import io.mayfly.testing.Await;
import io.mayfly.testkit.check.Linearizability;
import io.mayfly.testkit.check.Operation;
import io.mayfly.testkit.report.HistoryReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes over one database, and what is asked of them while they are broken. */
abstract class ClusterScenario {
  static final Duration SERVED_MAX = Duration.ofSeconds(20);

  /** A node that starts again beside two others and their clients shares two cores with them. */
  static final Duration WHOLE_MAX = Duration.ofMinutes(2);

  static final Duration LATE_MAX = Duration.ofSeconds(25);
  static final Duration TRAFFIC_MAX = Duration.ofSeconds(90);
  private static final Path REPORTS = Path.of("target", "histories");
  private static final int CLIENTS = 6;

  @TempDir static Path data;
  static ClusterProcess cluster;

  final SteadyClock clock = SteadyClock.system();
  final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeAll
  static void start() {
    cluster = ClusterProcess.start(data);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Begins to use keys as registers. */
  List<Future<Map<EntryId, List<Operation>>>> registers(
      List<EntryId> keys,
      SplittableRandom random,
      AtomicBoolean stop,
      Supplier<List<StateClient>> nodes,
      Tally tally) {
    AtomicLong values = new AtomicLong();
    List<Future<Map<EntryId, List<Operation>>>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          threads.submit(new RegisterClient(nodes, keys, values, random.split(), stop, tally)));
    }
    return clients;
  }

  /** Waits for the clients' histories; returns how many operations were fine. */
  static int verifyLinearizable(List<Future<Map<EntryId, List<Operation>>>> clients)
      throws Exception {
    Map<EntryId, List<Operation>> history = new HashMap<>();
    for (Future<Map<EntryId, List<Operation>>> client : clients) {
      client
          .get(TRAFFIC_MAX.toSeconds(), TimeUnit.SECONDS)
          .forEach(
              (key, operations) ->
                  history.computeIfAbsent(key, any -> new ArrayList<>()).addAll(operations));
    }
    history.forEach(
        (key, all) -> {
          if (!Linearizability.holds(all)) {
            throw new AssertionError(
                key.text()
                    + " is not linearizable; see "
                    + HistoryReport.write(REPORTS, key.text(), all).toAbsolutePath());
          }
        });
    return history.values().stream().mapToInt(List::size).sum();
  }

  /** Waits until every node says of the cluster that all members are up and within reach. */
  static void awaitWhole() {
    for (StateClient node : nodes(Duration.ofSeconds(5))) {
      Await.until(
          "the cluster whole",
          WHOLE_MAX,
          () -> answers(() -> up(node.cluster().json()) == cluster.size()));
    }
  }

  /** Waits until the others say that a node is no member any more, or cannot be reached. */
  static void awaitGone(int gone) {
    for (int number : all()) {
      if (number != gone) {
        StateClient node = new StateClient(cluster.uri(number));
        Await.until(
            "node " + gone + " gone",
            SERVED_MAX,
            () -> answers(() -> up(node.cluster().json()) == cluster.size() - 1));
      }
    }
  }

  /** The members that are up and within reach. */
  static long up(JsonNode report) {
    Set<String> unreachable = new HashSet<>();
    report.path("unreachable").forEach(address -> unreachable.add(address.asText()));
    return StreamSupport.stream(report.path("members").spliterator(), false)
        .filter(member -> member.path("status").asText().equalsIgnoreCase("up"))
        .filter(member -> !unreachable.contains(member.path("address").asText()))
        .count();
  }

  /** Waits until each key answers through each of the nodes; returns how long that took. */
  static Duration servedAgain(List<EntryId> keys, List<Integer> nodes, Duration limit) {
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

  static void awaitNoQuorum(EntryId key, int number) {
    StateClient node = new StateClient(cluster.uri(number), Duration.ofMillis(500));
    Await.until(
        "node " + number + " refuses",
        SERVED_MAX,
        () -> answers(() -> node.put(key, "ttl=1h", "0").body().contains("no-quorum")));
  }

  static boolean answers(Callable<Boolean> request) throws Exception {
    try {
      return request.call();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Waits until each key has its one end; returns the longest lateness.
   *
   * @param due when they should end; none may end earlier
   * @param possible when they could at the earliest
   */
  static Duration endedOnce(Map<EntryId, Instant> due, Instant possible) throws IOException {
    StateClient node = nodes(Duration.ofSeconds(5)).get(1);
    Duration latest = Duration.ZERO;
    List<String> late = new ArrayList<>();
    for (Map.Entry<EntryId, Instant> one : due.entrySet()) {
      EntryId key = one.getKey();
      Await.until(
          key.text() + " is ended",
          LATE_MAX,
          () -> !Story.read(node.history(key).json()).ends().isEmpty());
      Story story = Story.read(node.history(key).json());
      StoryCheck.verify(story);
      assertThat(story.ends()).hasSize(1);
      Instant ended = story.ends().get(0).at();
      assertThat(ended).isAfterOrEqualTo(one.getValue());
      Instant from = one.getValue().isAfter(possible) ? one.getValue() : possible;
      Duration lateness = Duration.between(from, ended);
      latest = lateness.compareTo(latest) > 0 ? lateness : latest;
      if (lateness.compareTo(LATE_MAX) > 0) {
        late.add(key.text() + " at " + ended + " instead of " + from);
      }
    }
    assertThat(late).as("of %s keys, ended too late", due.size()).isEmpty();
    return latest;
  }

  static List<Integer> all() {
    return IntStream.rangeClosed(1, cluster.size()).boxed().toList();
  }

  static List<StateClient> nodes(Duration patience) {
    return all().stream().map(node -> new StateClient(cluster.uri(node), patience)).toList();
  }

  static List<EntryId> keys(String namespace, String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> new EntryId(namespace, prefix + i)).toList();
  }
}
