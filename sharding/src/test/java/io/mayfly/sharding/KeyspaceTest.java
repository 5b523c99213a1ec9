package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.EntryReply.Found;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRounds;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import io.mayfly.protocol.telemetry.Telemetry;
import io.mayfly.sharding.peer.Forwarding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A keyspace on a cluster of one node, with a journal in memory. */
final class KeyspaceTest {
  private static final Config CONFIG =
      ConfigFactory.parseString(
              """
              pekko.actor.provider = cluster
              pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
              pekko.cluster.jmx.enabled = off
              pekko.cluster.sharding.retry-interval = 200ms
              pekko.persistence.journal.plugin = "pekko.persistence.journal.inmem"
              pekko.persistence.snapshot-store.plugin =
                "pekko.persistence.no-snapshot-store"
              mayfly.sharding { shards = 4, resident-entries-max = 10 }
              """)
          .withFallback(ConfigFactory.load());
  private static final ActorTestKit KIT = ActorTestKit.create("keyspace", CONFIG);
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Value VALUE = new Value(new byte[] {1});

  private static final Keyspace KEYSPACE =
      Keyspace.start(
          KIT.system(),
          Forwarding.NONE,
          Contracts.of(KeyspaceTest::contract),
          () -> NOW,
          new EmptyLedger(),
          new Feeds(new VolatileFeed(new EmptyLedger()), new VolatileFeed(new EmptyLedger())),
          Telemetry.NONE);

  private static EntryReply beforeTheClusterFormed = Refusal.of(Reason.DRAINING);

  private static final class EmptyLedger implements Ledger {
    @Override
    public CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit) {
      return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<List<LedgerRow>> list(ListQuery query) {
      return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<Map<String, Long>> counts() {
      return CompletableFuture.completedStage(Map.of());
    }

    @Override
    public long highestPurgedIncarnation() {
      return 0;
    }
  }

  private static Contract contract(String namespace) {
    return Contract.STANDARD
        .with(
            new Lifetime(
                Duration.ofHours(1),
                Duration.ofMillis(10),
                Duration.ofHours(2),
                Renewal.RENEWABLE,
                Duration.ofHours(3),
                Duration.ofMinutes(10)))
        .with(namespace.equals("in-memory") ? Durability.VOLATILE : Durability.JOURNALED);
  }

  @BeforeAll
  static void formCluster() {
    beforeTheClusterFormed = send(new EntryId("late", "k"), put(), Duration.ofMillis(50));
    Cluster cluster = Cluster.get(KIT.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static EntryReply send(EntryId id, EntryCommand command, Duration timeout) {
    return KEYSPACE.entries().send(id, command, timeout).toCompletableFuture().join();
  }

  private static EntryReply send(EntryId id, EntryCommand command) {
    return send(id, command, PATIENCE);
  }

  private static EntryCommand put() {
    return new EntryCommand.Put(VALUE, null, Terms.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"journaled", "in-memory"})
  void entry_isWrittenReadAndDeleted(String namespace) {
    EntryId id = new EntryId(namespace, "a/b 😀");

    assertThat(send(id, EntryCommand.Read.CURRENT)).isEqualTo(Refusal.of(Reason.UNKNOWN_KEY));
    assertThat(send(id, put()))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted ->
                assertThat(accepted.receipt().durability())
                    .isEqualTo(contract(namespace).durability()));
    assertThat(send(id, EntryCommand.Read.CURRENT))
        .isInstanceOfSatisfying(
            Found.class, found -> assertThat(found.view().value()).isEqualTo(VALUE));
    assertThat(send(id, new EntryCommand.Delete(Terms.NONE))).isInstanceOf(Accepted.class);
    assertThat(send(id, EntryCommand.Read.CURRENT))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Reason.KEY_ENDED));
  }

  /** An actor that found nothing asks to stop; what comes right after must not go with it. */
  @ParameterizedTest
  @ValueSource(strings = {"journaled", "in-memory"})
  void entryCreatedRightAfterALook_isKept(String namespace) {
    for (int i = 0; i < 1_000; i++) {
      EntryId id = new EntryId(namespace, "looked-" + i);

      send(id, EntryCommand.Read.CURRENT);
      send(id, put());

      assertThat(send(id, EntryCommand.Read.CURRENT)).as("key %d", i).isInstanceOf(Found.class);
    }
  }

  @Test
  void commandWhoseTimeIsOverBeforeItReachesItsKey_isNotBegun() {
    assertThat(beforeTheClusterFormed).isEqualTo(Refusal.of(Reason.NOT_BEGUN));
  }

  @Test
  void volatileEntries_areListedByTheNode() {
    EntryId id = new EntryId("in-memory", "listed");
    send(id, put());

    List<LedgerRow> rows =
        KEYSPACE
            .ledger()
            .list(new ListQuery("in-memory", "lis", null, null, 10, NOW))
            .toCompletableFuture()
            .join();

    assertThat(rows).extracting(LedgerRow::id).containsExactly(id);
  }

  @Test
  void entriesBeyondTheLimit_passivateAndKeepTheirState() {
    for (int i = 0; i < 60; i++) {
      assertThat(send(new EntryId("many", "k" + i), put())).isInstanceOf(Accepted.class);
    }

    TestProbe<CurrentShardRegionState> probe = KIT.createTestProbe(CurrentShardRegionState.class);
    probe.awaitAssert(
        PATIENCE,
        () -> {
          assertThat(residents(probe)).isLessThanOrEqualTo(10);
          return probe;
        });
    for (int i = 0; i < 60; i++) {
      assertThat(send(new EntryId("many", "k" + i), EntryCommand.Read.CURRENT))
          .isInstanceOf(Found.class);
    }
  }

  /**
   * A request goes straight to an actor that is resident, and may find that it has just stopped.
   */
  @ParameterizedTest
  @ValueSource(strings = {"journaled", "in-memory"})
  void writesWhileEntriesPassivate_areAllDone(String namespace) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      List<CompletionStage<EntryReply>> sent = new ArrayList<>();
      for (int j = 0; j < 16; j++) {
        EntryId id = new EntryId(namespace, "passing-" + random.nextInt(30));
        EntryCommand command = random.nextInt(4) == 0 ? new EntryCommand.Delete(Terms.NONE) : put();
        sent.add(KEYSPACE.entries().send(id, command, PATIENCE));
      }
      for (CompletionStage<EntryReply> reply : sent) {
        assertThat(reply.toCompletableFuture().join())
            .as("seed %d, round %d", seed, i)
            .matches(
                told ->
                    told instanceof Accepted
                        || (told instanceof Refusal refusal
                            && EnumSet.of(Reason.KEY_ENDED, Reason.UNKNOWN_KEY)
                                .contains(refusal.reason())));
      }
    }
  }

  /** The journal, as the rounds read it, says another version than the actor. */
  @Test
  void entryThatDiffersFromItsJournal_isStoppedAndRecovers() {
    EntryId id = new EntryId("audited", "strayed / ü");
    send(id, put());
    LedgerRow other = new LedgerRow(id, new Version(1, 7), NOW, NOW.plusSeconds(60));

    Rounds rounds =
        Rounds.start(
            KIT.system(),
            new FakeRounds(id, new Account(other, other.expiresAt())),
            KEYSPACE.entries(),
            Contracts.of(KeyspaceTest::contract),
            () -> NOW);

    TestProbe<CurrentShardRegionState> probe = KIT.createTestProbe(CurrentShardRegionState.class);
    probe.awaitAssert(
        PATIENCE,
        () -> {
          assertThat(residentIds(probe)).doesNotContain(id.text());
          assertThat(rounds.report().completed()).isEqualTo(1);
          return probe;
        });
    assertThat(rounds.report().differingActors()).isEqualTo(1);
    assertThat(send(id, EntryCommand.Read.CURRENT)).isInstanceOf(Found.class);
  }

  /** A round of one stretch, whose example is one key. */
  private record FakeRounds(EntryId id, Account account) implements LedgerRounds {
    @Override
    public CompletionStage<Stretch> next(Duration budget) {
      return CompletableFuture.completedStage(
          new Stretch(1, List.of(), id, Duration.ZERO, /* last= */ true));
    }

    @Override
    public CompletionStage<Optional<Account>> account(EntryId asked) {
      return CompletableFuture.completedStage(Optional.of(account));
    }
  }

  private static Set<String> residentIds(TestProbe<CurrentShardRegionState> probe) {
    return shards(probe).stream()
        .flatMap(shard -> shard.getEntityIds().stream())
        .collect(Collectors.toSet());
  }

  private static int residents(TestProbe<CurrentShardRegionState> probe) {
    return shards(probe).stream().mapToInt(shard -> shard.getEntityIds().size()).sum();
  }

  private static Set<ShardState> shards(TestProbe<CurrentShardRegionState> probe) {
    ClusterSharding.get(KIT.system())
        .shardState()
        .tell(
            new GetShardRegionState(
                EntityTypeKey.create(EntryRequest.class, "entry"), probe.getRef()));
    return probe.receiveMessage().getShards();
  }
}
