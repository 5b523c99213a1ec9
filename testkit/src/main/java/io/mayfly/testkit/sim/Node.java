package io.mayfly.testkit.sim;

import io.mayfly.actors.contract.ContractRequest;
import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.lease.LeaseRequest;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractRegistry;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import io.mayfly.protocol.telemetry.Telemetry;
import io.mayfly.sharding.Keyspace;
import io.mayfly.sharding.MemoryGuard;
import io.mayfly.sharding.ReplicatedContracts;
import io.mayfly.sharding.Shards;
import io.mayfly.sharding.VolatileLedger;
import io.mayfly.sharding.peer.Forwarding;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;

/** One life of a node, from its start to its crash: the real keyspace on simulated ground. */
final class Node implements Shards, Ledger {
  private final World world;
  private final int index;
  private final String name;
  private final NodeClock clock;
  private final ActorRef<Host.Message> host;
  private final Map<String, List<Behavior<?>>> kept = new LinkedHashMap<>();
  private final Map<String, Kind<?>> kinds = new LinkedHashMap<>();
  private final List<ActorRef<?>> locals = new ArrayList<>();
  private final ReplicatedContracts contracts;
  private @Nullable Keyspace keyspace;
  private boolean alive = true;
  private boolean stands = true;
  private boolean cutFromJournal;
  private boolean cutFromPeers;
  private int cuts;
  private boolean givenUp;
  private Set<Integer> believed = Set.of();

  Node(World world, int index, int life, NodeClock clock) {
    this.world = world;
    this.index = index;
    this.name = "node-" + index + '-' + life;
    this.clock = clock;
    this.host = world.system().systemActorOf(Host.create(this), name, Props.empty());
    this.contracts = ReplicatedContracts.start(world.system(), this, Contract.STANDARD, clock);
    var unused = contracts.restored().thenRun(this::wake);
  }

  /** Keys wake when their contracts are known. */
  private void wake() {
    if (alive) {
      keyspace =
          Keyspace.start(
              new Keyspace.Ground(
                  world.system(),
                  this,
                  new MemoryGuard(Long.MAX_VALUE, 0.9),
                  Forwarding.NONE,
                  world.agenda()::nowNanos),
              contracts,
              clock,
              this,
              new Feeds(NoFeed.INSTANCE, NoFeed.INSTANCE),
              Telemetry.NONE);
      world.awake();
    }
  }

  World world() {
    return world;
  }

  int index() {
    return index;
  }

  String name() {
    return name;
  }

  InstantSource clock() {
    return clock;
  }

  /** Whether it knows the contracts, and serves. */
  boolean awake() {
    return keyspace != null;
  }

  /** What it serves; it must be awake. */
  Keyspace keyspace() {
    return Objects.requireNonNull(keyspace);
  }

  ContractRegistry registry() {
    return contracts.registry(keyspace());
  }

  boolean alive() {
    return alive;
  }

  /** Whether a majority consents that it acts. */
  boolean stands() {
    return stands;
  }

  boolean cutFromJournal() {
    return cutFromJournal;
  }

  boolean cutFromPeers() {
    return cutFromPeers;
  }

  void cutFromJournal(boolean cut) {
    cutFromJournal = cut;
  }

  /** How often it was cut off from its peers. */
  int cuts() {
    return cuts;
  }

  void cutFromPeers(boolean cut) {
    cuts += cut ? 1 : 0;
    cutFromPeers = cut;
  }

  void entitle(boolean entitled) {
    stands = entitled;
  }

  /** Ends it at once: nothing that it sends from now on arrives. */
  void kill() {
    alive = false;
    world.stop(host);
    locals.forEach(world::stop);
  }

  void tell(Host.Message message) {
    host.tell(message);
  }

  /** Lets it believe that these shards are its own, whatever the others do. */
  void giveUp(Set<Integer> shards) {
    givenUp = true;
    believed = shards;
  }

  /** Whether the others took over what it has. */
  boolean givenUp() {
    return givenUp;
  }

  /** Whether it lives and the others count on it. */
  boolean present() {
    return alive && !givenUp;
  }

  boolean homes(String key) {
    return home(key) == this;
  }

  private @Nullable Node home(String key) {
    int shard = world.shardOf(key);
    return believed.contains(shard) ? this : world.home(shard);
  }

  @Override
  public <M> ActorRef<M> host(Kind<M> kind) {
    kinds.put(kind.name(), kind);
    return Adapter.toTyped(new ToRegion(world.system(), message -> route(kind, message)));
  }

  /** Sends a message on to where its key lives now; while nobody knows, it waits. */
  @SuppressWarnings("unchecked")
  <M> void route(Kind<M> kind, Object message) {
    if (!alive) {
      return;
    }
    M typed = (M) message;
    Node home = home(kind.address().apply(typed));
    if (home == null || !home.alive || !home.kinds.containsKey(kind.name())) {
      world.later(100_000_000, () -> route(kind, message));
    } else if (home == this) {
      host.tell(new Host.Deliver<>(kind, typed));
    } else {
      M relayed = (M) relayed(message, home);
      world
          .network()
          .between(this, home, () -> home.host.tell(new Host.Deliver<>(home.own(kind), relayed)));
    }
  }

  /** The home creates the actor of its own surroundings. */
  @SuppressWarnings("unchecked")
  private <M> Kind<M> own(Kind<M> kind) {
    return (Kind<M>) Objects.requireNonNull(kinds.get(kind.name()));
  }

  private Object relayed(Object message, Node home) {
    if (message instanceof EntryRequest request) {
      return new EntryRequest(
          request.id(),
          request.command(),
          relay(request.replyTo(), home),
          request.sinceMillis(),
          request.untilMillis(),
          request.trace());
    }
    if (message instanceof ContractRequest request) {
      return new ContractRequest(request.command(), relay(request.replyTo(), home));
    }
    LeaseRequest request = (LeaseRequest) message;
    return new LeaseRequest(
        request.id(),
        request.command(),
        relay(request.replyTo(), home),
        request.sinceMillis(),
        request.untilMillis(),
        request.trace());
  }

  private <R> ActorRef<R> relay(ActorRef<R> replyTo, Node home) {
    if (replyTo.equals(world.system().ignoreRef())) {
      return replyTo;
    }
    var classic = Adapter.toClassic(replyTo);
    // An address that leaves its node is looked at, and the port knows from then on.
    var unused = classic.path();
    return Adapter.toTyped(
        new ToRegion(
            world.system(),
            reply ->
                world
                    .network()
                    .between(
                        home,
                        this,
                        () -> classic.tell(reply, org.apache.pekko.actor.ActorRef.noSender()))));
  }

  @Override
  public <M> ActorRef<M> local(String part, Behavior<M> behavior) {
    ActorRef<M> actor = world.system().systemActorOf(behavior, name + '-' + part, Props.empty());
    locals.add(actor);
    return actor;
  }

  @Override
  public <M> void keep(String daemons, int count, IntFunction<Behavior<M>> create) {
    List<Behavior<?>> behaviors = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      behaviors.add(create.apply(number));
    }
    kept.put(daemons, behaviors);
  }

  /** Starts one of those that the cluster keeps alive. */
  void begin(int number) {
    kept.values().forEach(behaviors -> host.tell(new Host.Keep(behaviors.get(number))));
  }

  int keeps() {
    return kept.values().stream().mapToInt(List::size).sum();
  }

  @Override
  public Ledger scattered(VolatileLedger local) {
    return local;
  }

  @Override
  public CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit) {
    return world.journal().cut(this)
        ? CompletableFuture.failedFuture(new SimulatedJournal.Failure("out of reach"))
        : CompletableFuture.completedFuture(world.store().due(slice, after, until, limit));
  }

  @Override
  public CompletionStage<List<LedgerRow>> list(ListQuery query) {
    return world.journal().cut(this)
        ? CompletableFuture.failedFuture(new SimulatedJournal.Failure("out of reach"))
        : CompletableFuture.completedFuture(world.store().list(query));
  }

  @Override
  public CompletionStage<Map<String, Long>> counts() {
    return CompletableFuture.completedFuture(world.store().counts());
  }

  @Override
  public long highestPurgedIncarnation() {
    return world.store().highestPurged();
  }
}
