package io.mayfly.sharding;

import com.typesafe.config.Config;
import io.mayfly.actors.entry.Census;
import io.mayfly.actors.entry.EntryEntity;
import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.entry.EntrySurroundings;
import io.mayfly.actors.entry.VolatileEntryEntity;
import io.mayfly.actors.lease.LeaseEntity;
import io.mayfly.actors.lease.LeaseLimits;
import io.mayfly.actors.lease.LeaseRequest;
import io.mayfly.actors.lease.LeaseSurroundings;
import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryCommand.Settle;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.Leases;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.Wake;
import io.mayfly.protocol.pressure.Fill;
import io.mayfly.protocol.pressure.Queues;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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
  private static final EntityTypeKey<LeaseRequest> LEASES =
      EntityTypeKey.create(LeaseRequest.class, "lease");

  private final ShardedEntries entries;
  private final Leases leases;
  private final Ledger ledger;
  private final Feeds feeds;
  private final Queues queues;
  private final Census census;

  private Keyspace(
      ShardedEntries entries,
      Leases leases,
      Ledger ledger,
      Feeds feeds,
      Queues queues,
      Census census) {
    this.queues = queues;
    this.census = census;
    this.entries = entries;
    this.leases = leases;
    this.ledger = ledger;
    this.feeds = feeds;
  }

  /**
   * Starts everything on a node that has joined, or is about to join, its cluster.
   *
   * @param stored the ledger of the node's store
   * @param storedFeeds the feeds of the node's store
   * @param telemetry counts what happens
   */
  public static Keyspace start(
      ActorSystem<?> system,
      Contracts contracts,
      InstantSource clock,
      Ledger stored,
      Feeds storedFeeds,
      Telemetry telemetry) {
    Config config = system.settings().config().getConfig("mayfly");
    VolatileLedger volatileLedger = new VolatileLedger();
    MemoryGuard memory = MemoryGuard.start(config.getDouble("memory.creations-until"));
    LostRequests.refuse(system, telemetry);
    NodeLedger ledger =
        new NodeLedger(stored, ScatteredLedger.start(system, volatileLedger), contracts);
    VolatileFeed volatileFeed = new VolatileFeed(volatileLedger);
    Pace pace = new Pace(config.getInt("entry.settles-per-second"));
    Census census =
        new Census(
            stored.counts().toCompletableFuture().join(),
            (namespace, surplus) ->
                volatileLedger.soonest(namespace, surplus).forEach(id -> evict(system, id)),
            memory);
    EntrySurroundings surroundings =
        new EntrySurroundings(
            contracts,
            clock,
            ledger::highestPurgedIncarnation,
            pace,
            census,
            telemetry,
            config.getInt("entry.snapshot-every"));
    Regions regions = new Regions(system, config.getConfig("sharding"));
    ActorRef<EntryRequest> journaled =
        regions.passivating(
            JOURNALED,
            request -> request.id().text(),
            key -> EntryEntity.create(id(key), surroundings, passivation(key)));
    ActorRef<EntryRequest> inMemory =
        regions.resident(
            VOLATILE,
            request -> request.id().text(),
            key ->
                VolatileEntryEntity.create(
                    id(key),
                    surroundings,
                    outside(volatileLedger, volatileFeed),
                    passivation(key),
                    request -> resend(system, request)));
    Underway underway = new Underway();
    ShardedEntries.Node node =
        new ShardedEntries.Node(clock, telemetry, config.getDuration("sharding.unanswered-max"));
    ShardedEntries entries =
        new ShardedEntries(system, contracts, underway, node, journaled, inMemory);
    LeaseSurroundings lent =
        new LeaseSurroundings(
            contracts,
            clock,
            ledger::highestPurgedIncarnation,
            pace,
            limits(config.getConfig("lease")),
            config.getInt("lease.snapshot-every"),
            config.getDuration("sharding.passivate-after"),
            memory,
            telemetry);
    ShardedLeases leases =
        new ShardedLeases(
            system,
            contracts,
            underway,
            new ShardedLeases.Bounds(
                config.getInt("lease.queue-max"), config.getInt("lease.waiting-max")),
            node,
            startLeases(system, regions, lent));
    startSweepers(
        system,
        config.getConfig("sharding.sweeper"),
        ledger,
        clock,
        patience -> waker(entries, leases, patience));
    Map<String, Supplier<Fill>> others = new LinkedHashMap<>();
    others.put("leases-waiting", leases::waiting);
    others.put("memory", memory::fill);
    return new Keyspace(
        entries,
        leases,
        ledger,
        new Feeds(
            new NodeFeed(storedFeeds.entries(), volatileFeed, contracts), storedFeeds.leases()),
        new NodeQueues(underway, contracts, others),
        census);
  }

  /** The node's list of volatile entries, and those who watch them. */
  private static VolatileEntryEntity.Outside outside(VolatileLedger ledger, VolatileFeed feed) {
    return new VolatileEntryEntity.Outside() {
      @Override
      public void happened(EntryEvent event) {
        ledger.apply(event.ledgerChange());
        feed.tell(event.fact().id().namespace(), event);
      }

      @Override
      public void lost(LedgerChange change) {
        ledger.apply(change);
      }
    };
  }

  /** Resources stay in memory by their own choice: a region would send those away that wait. */
  private static ActorRef<LeaseRequest> startLeases(
      ActorSystem<?> system, Regions regions, LeaseSurroundings surroundings) {
    return regions.resident(
        LEASES,
        request -> request.id().text(),
        key ->
            LeaseEntity.create(
                LeaseId.parse(key.getEntityId()),
                surroundings,
                self -> key.getShard().tell(new ClusterSharding.Passivate<>(self)),
                request ->
                    ClusterSharding.get(system)
                        .entityRefFor(LEASES, request.id().text())
                        .tell(request)));
  }

  private static LeaseLimits limits(Config config) {
    return new LeaseLimits(
        config.getInt("queue-max"), config.getInt("holders-max"), config.getDuration("wait-max"));
  }

  /** The way to every entry. */
  public Entries entries() {
    return entries;
  }

  /** The way to every entry for what the house itself asks. */
  Entries ofTheHouse() {
    return entries.ofTheHouse();
  }

  /** The way to every resource that is leased. */
  public Leases leases() {
    return leases;
  }

  /** The index of every entry. */
  public Ledger ledger() {
    return ledger;
  }

  /** What the events of a namespace's entries are marked with in the journal. */
  public static String entryTag(String namespace) {
    return EntryEntity.tag(namespace);
  }

  /** What the events of a namespace's leases are marked with in the journal. */
  public static String leaseTag(String namespace) {
    return LeaseEntity.tag(namespace);
  }

  /** What happens to every entry and every lease. */
  public Feeds feeds() {
    return feeds;
  }

  /** How full the queues to the keys are. */
  public Queues queues() {
    return queues;
  }

  /** How many entries of each namespace have not ended, as this node counts them. */
  public Map<String, Long> standing() {
    return census.all();
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
      ActorSystem<?> system,
      Config config,
      Ledger ledger,
      InstantSource clock,
      Function<Duration, BiConsumer<Wake, Runnable>> waker) {
    Sweeper.Settings settings =
        new Sweeper.Settings(
            config.getDuration("interval"),
            config.getDuration("grace"),
            config.getInt("batch"),
            config.getDuration("patience"),
            config.getDuration("full-pass-interval"));
    int count = config.getInt("count");
    ShardedDaemonProcess.get(system)
        .init(
            Sweeper.Message.class,
            "sweeper",
            count,
            index ->
                Sweeper.create(
                    index, count, ledger, clock, settings, waker.apply(settings.patience())));
  }

  /** Wakes entries and resources alike: the name in the journal tells which it is. */
  private static BiConsumer<Wake, Runnable> waker(
      Entries entries, Leases leases, Duration patience) {
    String entryPrefix = EntryEntity.TYPE + '|';
    String leasePrefix = LeaseEntity.TYPE + '|';
    return (wake, done) -> {
      String name = wake.persistenceId();
      CompletionStage<?> settled =
          name.startsWith(leasePrefix)
              ? leases.send(
                  LeaseId.parse(name.substring(leasePrefix.length())),
                  LeaseCommand.Settle.NOW,
                  patience)
              : entries.send(
                  EntryId.parse(name.substring(entryPrefix.length())), Settle.NOW, patience);
      var unused = settled.whenComplete((reply, failure) -> done.run());
    };
  }

  /** How regions are started: with the same extractor, and with or without passivation. */
  private record Regions(ActorSystem<?> system, Config config) {
    <M> ActorRef<M> passivating(
        EntityTypeKey<M> type,
        Function<M, String> address,
        Function<EntityContext<M>, Behavior<M>> create) {
      ClusterShardingSettings settings = ClusterShardingSettings.create(system);
      return init(
          type,
          address,
          create,
          settings.withPassivationStrategy(
              settings
                  .passivationStrategySettings()
                  .withActiveEntityLimit(config.getInt("resident-entries-max"))
                  .withLeastRecentlyUsedReplacement()
                  .withIdleEntityPassivation(config.getDuration("passivate-after"))));
    }

    <M> ActorRef<M> resident(
        EntityTypeKey<M> type,
        Function<M, String> address,
        Function<EntityContext<M>, Behavior<M>> create) {
      return init(
          type,
          address,
          create,
          ClusterShardingSettings.create(system).withNoPassivationStrategy());
    }

    private <M> ActorRef<M> init(
        EntityTypeKey<M> type,
        Function<M, String> address,
        Function<EntityContext<M>, Behavior<M>> create,
        ClusterShardingSettings settings) {
      return ClusterSharding.get(system)
          .init(
              Entity.of(type, create::apply)
                  .withMessageExtractor(new RequestExtractor<>(config.getInt("shards"), address))
                  .withSettings(settings));
    }
  }
}
