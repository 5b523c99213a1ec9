package io.mayfly.sharding;

import com.typesafe.config.Config;
import io.mayfly.actors.entry.Census;
import io.mayfly.actors.entry.EntryEntity;
import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.entry.EntrySurroundings;
import io.mayfly.actors.entry.VolatileEntryEntity;
import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryCommand.Settle;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.Wake;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;

/**
 * All keys of a cluster as this node sees them: starts the shard regions and the sweepers, and
 * offers the ports over them.
 */
public final class Keyspace {
  private static final EntityTypeKey<EntryRequest> JOURNALED =
      EntityTypeKey.create(EntryRequest.class, "entry");
  private static final EntityTypeKey<EntryRequest> VOLATILE =
      EntityTypeKey.create(EntryRequest.class, "volatile-entry");

  private final ShardedEntries entries;
  private final Ledger ledger;

  private Keyspace(ShardedEntries entries, Ledger ledger) {
    this.entries = entries;
    this.ledger = ledger;
  }

  /**
   * Starts everything on a node that has joined, or is about to join, its cluster.
   *
   * @param stored the ledger of the node's store
   * @param telemetry counts what happens
   */
  public static Keyspace start(
      ActorSystem<?> system,
      Contracts contracts,
      InstantSource clock,
      Ledger stored,
      Telemetry telemetry) {
    Config config = system.settings().config().getConfig("mayfly");
    VolatileLedger volatileLedger = new VolatileLedger();
    NodeLedger ledger = new NodeLedger(stored, volatileLedger, contracts);
    EntrySurroundings surroundings =
        new EntrySurroundings(
            contracts,
            clock,
            ledger::highestPurgedIncarnation,
            new Pace(config.getInt("entry.settles-per-second")),
            new Census(
                stored.counts().toCompletableFuture().join(),
                (namespace, surplus) ->
                    volatileLedger.soonest(namespace, surplus).forEach(id -> evict(system, id))),
            telemetry,
            config.getInt("entry.snapshot-every"));
    Regions regions = new Regions(system, config.getConfig("sharding"));
    ActorRef<EntryRequest> journaled =
        regions.passivating(
            JOURNALED, key -> EntryEntity.create(id(key), surroundings, passivation(key)));
    ActorRef<EntryRequest> inMemory =
        regions.resident(
            VOLATILE,
            key ->
                VolatileEntryEntity.create(
                    id(key),
                    surroundings,
                    volatileLedger::apply,
                    passivation(key),
                    request -> resend(system, request)));
    ShardedEntries entries = new ShardedEntries(system, contracts, journaled, inMemory);
    startSweepers(system, config.getConfig("sharding.sweeper"), ledger, clock, entries);
    return new Keyspace(entries, ledger);
  }

  /** The way to every entry. */
  public Entries entries() {
    return entries;
  }

  /** The way to every entry for what the house itself asks. */
  Entries ofTheHouse() {
    return entries.ofTheHouse();
  }

  /** The index of every entry. */
  public Ledger ledger() {
    return ledger;
  }

  private static EntryId id(EntityContext<EntryRequest> key) {
    return EntryId.parse(key.getEntityId());
  }

  private static Consumer<ActorRef<EntryRequest>> passivation(EntityContext<EntryRequest> key) {
    return self -> key.getShard().tell(new ClusterSharding.Passivate<>(self));
  }

  private static void resend(ActorSystem<?> system, EntryRequest request) {
    ClusterSharding.get(system).entityRefFor(VOLATILE, request.id().text()).tell(request);
  }

  private static void evict(ActorSystem<?> system, EntryId id) {
    EntryCommand end = new EntryCommand.End(EndReason.EVICTED, Origin.UNKNOWN);
    resend(system, new EntryRequest(id, end, system.ignoreRef()));
  }

  private static void startSweepers(
      ActorSystem<?> system, Config config, Ledger ledger, InstantSource clock, Entries entries) {
    Sweeper.Settings settings =
        new Sweeper.Settings(
            config.getDuration("interval"),
            config.getDuration("grace"),
            config.getInt("batch"),
            config.getDuration("patience"),
            config.getDuration("full-pass-interval"));
    String prefix = EntryEntity.TYPE + '|';
    BiConsumer<Wake, Runnable> waker =
        (wake, done) -> {
          EntryId id = EntryId.parse(wake.persistenceId().substring(prefix.length()));
          var unused =
              entries
                  .send(id, Settle.NOW, settings.patience())
                  .whenComplete((reply, failure) -> done.run());
        };
    int count = config.getInt("count");
    ShardedDaemonProcess.get(system)
        .init(
            Sweeper.Message.class,
            "sweeper",
            count,
            index -> Sweeper.create(index, count, ledger, clock, settings, waker));
  }

  /** How regions are started: with the same extractor, and with or without passivation. */
  private record Regions(ActorSystem<?> system, Config config) {
    ActorRef<EntryRequest> passivating(
        EntityTypeKey<EntryRequest> type,
        Function<EntityContext<EntryRequest>, Behavior<EntryRequest>> create) {
      ClusterShardingSettings settings = ClusterShardingSettings.create(system);
      return init(
          type,
          create,
          settings.withPassivationStrategy(
              settings
                  .passivationStrategySettings()
                  .withActiveEntityLimit(config.getInt("resident-entries-max"))
                  .withLeastRecentlyUsedReplacement()
                  .withIdleEntityPassivation(config.getDuration("passivate-after"))));
    }

    ActorRef<EntryRequest> resident(
        EntityTypeKey<EntryRequest> type,
        Function<EntityContext<EntryRequest>, Behavior<EntryRequest>> create) {
      return init(type, create, ClusterShardingSettings.create(system).withNoPassivationStrategy());
    }

    private ActorRef<EntryRequest> init(
        EntityTypeKey<EntryRequest> type,
        Function<EntityContext<EntryRequest>, Behavior<EntryRequest>> create,
        ClusterShardingSettings settings) {
      return ClusterSharding.get(system)
          .init(
              Entity.of(type, create::apply)
                  .withMessageExtractor(new EntryExtractor(config.getInt("shards")))
                  .withSettings(settings));
    }
  }
}
