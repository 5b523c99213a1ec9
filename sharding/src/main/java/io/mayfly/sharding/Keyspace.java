package io.mayfly.sharding;

import com.typesafe.config.Config;
import io.mayfly.actors.entry.Census;
import io.mayfly.actors.entry.EntryEntity;
import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.entry.EntrySurroundings;
import io.mayfly.actors.entry.Residents;
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
import io.mayfly.protocol.ledger.Wake;
import io.mayfly.protocol.pressure.Fill;
import io.mayfly.protocol.pressure.Queues;
import io.mayfly.protocol.telemetry.Kind;
import io.mayfly.protocol.telemetry.Telemetry;
import io.mayfly.sharding.peer.Forwarding;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * All keys of a cluster as this node sees them: starts the shard regions and the sweepers, and
 * offers the ports over them.
 */
public final class Keyspace {
  /** An entry that is only looked at passes its shard so many times before it would passivate. */
  private static final int UNSEEN_SHARE = 8;

  private final ShardedEntries entries;
  private final Leases leases;
  private final Ledger ledger;
  private final Feeds feeds;
  private final Queues queues;
  private final Census census;
  private final VolatileLedger inMemory;

  private Keyspace(
      ShardedEntries entries,
      Leases leases,
      Ledger ledger,
      Feeds feeds,
      Queues queues,
      Census census,
      VolatileLedger inMemory) {
    this.inMemory = inMemory;
    this.queues = queues;
    this.census = census;
    this.entries = entries;
    this.leases = leases;
    this.ledger = ledger;
    this.feeds = feeds;
  }

  /**
   * What a keyspace stands on.
   *
   * @param shards where the keys live
   * @param memory whether the node has room for something new
   * @param forwarding the direct way to keys of other nodes
   * @param nanos a clock that only measures: it never steps
   */
  public record Ground(
      ActorSystem<?> system,
      Shards shards,
      MemoryGuard memory,
      Forwarding forwarding,
      LongSupplier nanos) {}

  /**
   * Starts everything on a node that has joined, or is about to join, its cluster.
   *
   * @param forwarding the direct way to keys of other nodes
   * @param stored the ledger of the node's store
   * @param storedFeeds the feeds of the node's store
   * @param telemetry counts what happens
   */
  public static Keyspace start(
      ActorSystem<?> system,
      Forwarding forwarding,
      Contracts contracts,
      InstantSource clock,
      Ledger stored,
      Feeds storedFeeds,
      Telemetry telemetry) {
    Config config = system.settings().config().getConfig("mayfly");
    Ground ground =
        new Ground(
            system,
            new ClusterShards(system, config.getConfig("sharding")),
            MemoryGuard.start(config.getDouble("memory.creations-until")),
            forwarding,
            System::nanoTime);
    Keyspace keyspace = start(ground, contracts, clock, stored, storedFeeds, telemetry);
    LostRequests.find(system, telemetry, keyspace::again);
    return keyspace;
  }

  /**
   * Starts everything on a ground.
   *
   * @param stored the ledger of the node's store
   * @param storedFeeds the feeds of the node's store
   * @param telemetry counts what happens
   */
  public static Keyspace start(
      Ground ground,
      Contracts contracts,
      InstantSource clock,
      Ledger stored,
      Feeds storedFeeds,
      Telemetry telemetry) {
    ActorSystem<?> system = ground.system();
    MemoryGuard memory = ground.memory();
    Config config = system.settings().config().getConfig("mayfly");
    VolatileLedger volatileLedger = new VolatileLedger();
    NodeLedger ledger =
        new NodeLedger(stored, ground.shards().scattered(volatileLedger), contracts);
    VolatileFeed volatileFeed = new VolatileFeed(volatileLedger);
    Pace pace = new Pace(config.getInt("entry.settles-per-second"));
    AtomicReference<ActorRef<EntryRequest>> toVolatile = new AtomicReference<>(system.ignoreRef());
    Census census =
        new Census(
            stored.counts().toCompletableFuture().join(),
            (namespace, surplus) ->
                volatileLedger
                    .soonest(namespace, surplus)
                    .forEach(id -> evict(system, toVolatile.get(), id)),
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
    Duration unseen = config.getDuration("sharding.passivate-after").dividedBy(UNSEEN_SHARE);
    Residents residentJournaled = new Residents(surroundings, unseen);
    Residents residentInMemory = new Residents(surroundings, unseen);
    ActorRef<EntryRequest> journaled =
        ground
            .shards()
            .host(
                new Shards.Kind<>(
                    "entry",
                    EntryRequest.class,
                    request -> request.id().text(),
                    /* passivates= */ true,
                    place ->
                        EntryEntity.create(
                            EntryId.parse(place.key()),
                            surroundings,
                            residentJournaled,
                            place::passivate,
                            place::resend)));
    ActorRef<EntryRequest> inMemory =
        ground
            .shards()
            .host(
                new Shards.Kind<>(
                    "volatile-entry",
                    EntryRequest.class,
                    request -> request.id().text(),
                    /* passivates= */ false,
                    place ->
                        VolatileEntryEntity.create(
                            EntryId.parse(place.key()),
                            surroundings,
                            residentInMemory,
                            outside(volatileLedger.place(), volatileFeed),
                            place::passivate,
                            place::resend)));
    toVolatile.set(inMemory);
    Underway underway = new Underway();
    ShardedEntries.Node node =
        new ShardedEntries.Node(
            clock, ground.nanos(), telemetry, config.getDuration("sharding.unanswered-max"));
    int shards = config.getInt("sharding.shards");
    ShardedEntries entries =
        new ShardedEntries(
            system,
            contracts,
            underway,
            ground.forwarding(),
            node,
            new ShardedEntries.Host(
                journaled,
                residentJournaled,
                new Homes(shards),
                waited -> telemetry.waited(Kind.ENTRY, waited)),
            new ShardedEntries.Host(
                inMemory,
                residentInMemory,
                new Homes(shards),
                waited -> telemetry.waited(Kind.VOLATILE_ENTRY, waited)));
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
            startLeases(ground.shards(), lent));
    startSweepers(
        ground.shards(),
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
        census,
        volatileLedger);
  }

  /** The entry's place in the node's list, and those who watch. */
  private static VolatileEntryEntity.Outside outside(
      VolatileLedger.Place place, VolatileFeed feed) {
    return new VolatileEntryEntity.Outside() {
      @Override
      public void happened(EntryEvent event) {
        place.apply(event.ledgerChange(), event.fact().atMillis());
        feed.tell(event.fact().id().namespace(), event);
      }

      @Override
      public void lost() {
        place.clear();
      }
    };
  }

  /** Resources stay in memory by their own choice: a region would send those away that wait. */
  private static ActorRef<LeaseRequest> startLeases(Shards shards, LeaseSurroundings surroundings) {
    return shards.host(
        new Shards.Kind<>(
            "lease",
            LeaseRequest.class,
            request -> request.id().text(),
            /* passivates= */ false,
            place ->
                LeaseEntity.create(
                    LeaseId.parse(place.key()), surroundings, place::passivate, place::resend)));
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

  /**
   * Sends a request on that came to an actor after it had stopped.
   *
   * @return whether there is a way on
   */
  public boolean again(EntryRequest request, org.apache.pekko.actor.ActorRef stopped) {
    return entries.again(request, stopped);
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

  /** How many entries of each namespace have not ended; exact on a node alone. */
  public Map<String, Long> standing() {
    return census.all();
  }

  /** How many entries of each namespace live in the memory of this node alone. */
  public Map<String, Long> standingInMemory() {
    return inMemory.standing();
  }

  private static void evict(ActorSystem<?> system, ActorRef<EntryRequest> inMemory, EntryId id) {
    EntryCommand end = new EntryCommand.End(EndReason.EVICTED, Origin.UNKNOWN);
    inMemory.tell(new EntryRequest(id, end, system.ignoreRef()));
  }

  private static void startSweepers(
      Shards shards,
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
    shards.keep(
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
}
