package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.Fault;
import io.mayfly.multinode.traffic.Balancer;
import io.mayfly.multinode.traffic.ContractClient;
import io.mayfly.multinode.traffic.Scribe;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.multinode.traffic.Tally;
import io.mayfly.multinode.traffic.Watcher;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.testing.Await;
import io.mayfly.testing.Seed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What holds in a cluster as on one node, and what all of its nodes go through together. */
final class ClusterTest extends ClusterScenario {
  @Test
  void contract_changedThroughOneNode_isInForceOnAllWithinASecond() throws IOException {
    List<StateClient> nodes = nodes(Duration.ofSeconds(5));
    ContractClient contracts = new ContractClient(cluster.uri(1));
    for (int round = 1; round <= 5; round++) {
      String contract = "{\"limits\":{\"valueBytes\":" + (10 + round) + "}}";
      EntryId id = new EntryId("agreed-" + round, "k");

      assertThat(contracts.put(id.namespace(), 0, contract).isSuccess()).isTrue();

      for (StateClient node : nodes) {
        Await.until(
            "a value that is too large is refused",
            Duration.ofSeconds(1),
            () -> node.put(id, "ttl=1m", "\"" + "x".repeat(20) + "\"").status() == 413);
      }
    }
  }

  @Test
  void volatileEntries_areListedByEveryNode() throws IOException {
    List<StateClient> nodes = nodes(Duration.ofSeconds(5));
    ContractClient contracts = new ContractClient(cluster.uri(1));
    assertThat(contracts.put("fleeting", 0, "{\"durability\":\"volatile\"}").isSuccess()).isTrue();
    List<EntryId> keys = keys("fleeting", "k", 50);
    for (StateClient node : nodes) {
      Await.until(
          "volatile through every node",
          Duration.ofSeconds(5),
          () ->
              node.put(new EntryId("fleeting", "first"), "ttl=1h", "1")
                  .json()
                  .path("durability")
                  .asText()
                  .equals("volatile"));
    }

    for (int i = 0; i < keys.size(); i++) {
      assertThat(nodes.get(i % nodes.size()).put(keys.get(i), "ttl=1h", "1").isSuccess()).isTrue();
    }

    for (StateClient node : nodes) {
      assertThat(node.list("fleeting").json().path("entries")).hasSize(keys.size() + 1);
    }
  }

  @Test
  void entriesThatStand_areToldOnceByAllNodesTogether() throws IOException {
    List<StateClient> nodes = nodes(Duration.ofSeconds(5));
    ContractClient contracts = new ContractClient(cluster.uri(1));
    assertThat(contracts.put("passing", 0, "{\"durability\":\"volatile\"}").isSuccess()).isTrue();
    List<EntryId> stored = keys("standing", "k", 30);
    List<EntryId> inMemory = keys("passing", "k", 20);
    for (int i = 0; i < stored.size(); i++) {
      assertThat(nodes.get(i % nodes.size()).put(stored.get(i), "ttl=1h", "1").isSuccess())
          .isTrue();
    }
    for (StateClient node : nodes) {
      Await.until(
          "volatile through every node",
          Duration.ofSeconds(5),
          () ->
              node.put(inMemory.get(0), "ttl=1h", "1")
                  .json()
                  .path("durability")
                  .asText()
                  .equals("volatile"));
    }
    for (int i = 0; i < inMemory.size(); i++) {
      assertThat(nodes.get(i % nodes.size()).put(inMemory.get(i), "ttl=1h", "1").isSuccess())
          .isTrue();
    }
    awaitStanding("standing", 30);
    awaitStanding("passing", 20);
    assertThat(told("standing")).containsOnlyOnce(30.0);

    for (int i = 0; i < 10; i++) {
      assertThat(nodes.get((i + 1) % nodes.size()).delete(stored.get(i)).isSuccess()).isTrue();
      assertThat(nodes.get((i + 1) % nodes.size()).delete(inMemory.get(i)).isSuccess()).isTrue();
    }

    awaitStanding("standing", 20);
    awaitStanding("passing", 10);
  }

  private void awaitStanding(String namespace, double entries) {
    Await.until(
        entries + " of " + namespace,
        Duration.ofSeconds(60),
        () -> told(namespace).stream().mapToDouble(Double::doubleValue).sum() == entries);
  }

  /** How many entries of a namespace stand, as each node tells it. */
  private List<Double> told(String namespace) throws IOException {
    List<Double> told = new ArrayList<>();
    for (StateClient node : nodes(Duration.ofSeconds(5))) {
      node.metrics()
          .body()
          .lines()
          .filter(line -> line.startsWith("mayfly_entries_standing{"))
          .filter(line -> line.contains("namespace=\"" + namespace + "\""))
          .forEach(line -> told.add(Double.valueOf(line.substring(line.indexOf(' ') + 1))));
    }
    return told;
  }

  @Test
  void everyNode_cutOffFromAllOthers_acknowledgesAndEndsNothing() throws Exception {
    List<EntryId> keys = keys("alone", "k", 20);
    List<EntryId> ending = keys("alone", "ending", 20);
    StateClient first = nodes(Duration.ofSeconds(5)).get(0);
    for (EntryId key : keys) {
      assertThat(first.put(key, "ttl=1h", "1").isSuccess()).isTrue();
    }
    for (EntryId key : ending) {
      assertThat(first.put(key, "ttl=20s", "1").isSuccess()).isTrue();
    }
    Instant due = clock.instant().plusSeconds(20);

    cluster.cutApart();
    for (int node : all()) {
      awaitNoQuorum(new EntryId("alone", "probe"), node);
    }
    do {
      for (StateClient node : nodes(Duration.ofSeconds(1))) {
        EntryId key = keys.get((int) (clock.millis() % keys.size()));
        assertThat(answers(() -> node.put(key, "ttl=1h", "2").status() < 500)).isFalse();
        assertThat(answers(() -> node.get(key).status() < 500)).isFalse();
        assertThat(answers(() -> node.readiness().status() == 200)).isFalse();
      }
    } while (clock.instant().isBefore(due.plusSeconds(2)));
    Instant healed = clock.instant();
    cluster.heal();
    servedAgain(keys, all(), WHOLE_MAX);

    for (EntryId key : keys) {
      assertThat(first.get(key).json().asInt()).isEqualTo(1);
    }
    Map<EntryId, Instant> ends = new HashMap<>();
    ending.forEach(key -> ends.put(key, healed));
    endedOnce(ends, healed);
    awaitWhole();
  }

  @Test
  void rollingRestart_underLoad_losesNothingAndRefusesLittle() throws Exception {
    SplittableRandom random = Seed.random("ClusterTest");
    List<EntryId> keys = keys("rolling", "k", 30);
    AtomicBoolean stop = new AtomicBoolean();
    Tally tally = new Tally();
    int operations;
    try (Balancer balancer = new Balancer(nodes(Duration.ofSeconds(1)))) {
      var clients = registers(keys, random, stop, balancer, tally);

      for (int node : all()) {
        cluster.terminate(node);
        awaitGone(node);
        cluster.restart(node);
        servedAgain(keys, List.of(node), WHOLE_MAX);
        awaitWhole();
      }
      stop.set(true);

      operations = verifyLinearizable(clients);
    }
    System.out.printf(
        "ClusterTest: rolling restart: %d operations, %s, affected %.3f %%%n",
        operations, tally, 100 * tally.affected());
    assertThat(List.of(0, 503, 504)).containsAll(tally.refusals());
    assertThat(tally.affected()).isLessThanOrEqualTo(0.01);
  }

  @Test
  void watchers_onAllNodes_seeEveryAcknowledgedChangeOnceThroughAKill() throws Exception {
    SplittableRandom random = Seed.random("ClusterTest");
    List<EntryId> keys = keys("watched", "k", 20);
    CountDownLatch watching = new CountDownLatch(cluster.size());
    CountDownLatch heard = new CountDownLatch(cluster.size());
    List<Future<List<Watcher.Event>>> watchers = new ArrayList<>();
    for (int node : all()) {
      AtomicInteger next = new AtomicInteger(node);
      watchers.add(
          threads.submit(
              new Watcher(
                  () -> cluster.uri(1 + next.getAndIncrement() % cluster.size()),
                  "watched",
                  watching,
                  event -> {
                    if (event.key().equals("first")) {
                      heard.countDown();
                    }
                    return event.key().equals("last");
                  })));
    }
    assertThat(watching.await(30, TimeUnit.SECONDS)).isTrue();
    // From here on every watcher has an id to come back with.
    StateClient node = nodes(Duration.ofSeconds(5)).get(0);
    node.put(new EntryId("watched", "first"), "ttl=1h", "1");
    assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
    AtomicBoolean stop = new AtomicBoolean();
    List<Future<List<Scribe.Change>>> scribes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      scribes.add(
          threads.submit(new Scribe(nodes(Duration.ofSeconds(1)), keys, random.split(), stop)));
    }

    Fault fault = new Fault(Fault.Kind.KILL, cluster, random);
    fault.inflict();
    servedAgain(keys, fault.serving(), SERVED_MAX);
    fault.mend();
    servedAgain(keys, all(), WHOLE_MAX);
    stop.set(true);
    Set<Scribe.Change> acknowledged = new HashSet<>();
    for (Future<List<Scribe.Change>> scribe : scribes) {
      acknowledged.addAll(scribe.get(TRAFFIC_MAX.toSeconds(), TimeUnit.SECONDS));
    }
    node.put(new EntryId("watched", "last"), "ttl=1h", "1");

    List<Watcher.Event> first = watchers.get(0).get(60, TimeUnit.SECONDS);
    for (Future<List<Watcher.Event>> watcher : watchers) {
      assertThat(watcher.get(60, TimeUnit.SECONDS)).isEqualTo(first);
    }
    List<Scribe.Change> told =
        first.stream()
            .map(
                event ->
                    new Scribe.Change(
                        event.key(), new Version(event.incarnation(), event.revision())))
            .toList();
    assertThat(told).doesNotHaveDuplicates().containsAll(acknowledged);
    assertThat(acknowledged).hasSizeGreaterThan(100);
    System.out.printf(
        "ClusterTest: %d events told to each watcher, %d acknowledged%n",
        told.size(), acknowledged.size());
    awaitWhole();
  }
}
