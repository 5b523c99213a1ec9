package io.mayfly.testkit.sim;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractReply;
import io.mayfly.protocol.contract.ContractTerms;
import io.mayfly.protocol.telemetry.Telemetry;
import io.mayfly.sharding.LostRequests;
import io.mayfly.testkit.Behaviour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** A cluster of simulated nodes, its store, its network and its time. One thread uses it. */
public final class World implements AutoCloseable {
  /** When virtual time begins. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** How long a node without its majority goes on at most. */
  public static final Duration LEASE = Duration.ofSeconds(3);

  /** After what time the keys of a node that is gone live elsewhere. */
  public static final Duration TAKEOVER = Duration.ofSeconds(8);

  private static final Duration BEGINNING = Duration.ofMinutes(1);

  /** Within what time a contract is in force on all nodes. */
  private static final Duration AGREED = Duration.ofSeconds(1);

  private static final int SHARDS = 8;
  private static final long IDLE_NANOS = Duration.ofMinutes(2).toNanos();
  private static final Config CONFIG =
      ConfigFactory.parseResources(World.class, "/mayfly-simulation.conf")
          .withFallback(ConfigFactory.load())
          .resolve();

  private final ActorSystem<Void> system;
  private final Agenda agenda;
  private final Dice dice;
  private final Store store = new Store();
  private final Watcher watcher;
  private final JournalFaults journal;
  private final Network network;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Node> fallen = new ArrayList<>();
  private final List<NodeClock> clocks = new ArrayList<>();
  private final @Nullable Node[] homes = new Node[SHARDS];
  private @Nullable Node[] keepers = new Node[0];
  private int lives;

  /** Sees what happens in the store, at the moment it does. */
  @FunctionalInterface
  public interface Watcher {
    /** An event is stored. */
    void committed(Object event);
  }

  /** Carries the world into its plug-ins. */
  private static final class InWorld extends Setup {
    private final List<World> world = new ArrayList<>();
  }

  /** A cluster whose nodes start. */
  public World(long seed, int nodeCount, Watcher watcher) {
    InWorld setup = new InWorld();
    setup.world.add(this);
    this.watcher = watcher;
    this.dice = Dice.of(seed, "faults");
    this.journal = new JournalFaults(Dice.of(seed, "journal"));
    this.network = new Network(this, Dice.of(seed, "network"));
    Config config = CONFIG.withValue("mayfly.simulation.seed", ConfigValueFactory.fromAnyRef(seed));
    this.system =
        ActorSystem.create(
            Behaviors.empty(),
            "simulation",
            ActorSystemSetup.create(BootstrapSetup.create(config), setup));
    this.agenda = ((VirtualScheduler) Adapter.toClassic(system).scheduler()).agenda();
    agenda.begin();
    LostRequests.find(system, Telemetry.NONE, this::again);
    for (int index = 0; index < nodeCount; index++) {
      clocks.add(new NodeClock(agenda, START));
      nodes.add(new Node(this, index, ++lives, clocks.get(index)));
    }
    for (int shard = 0; shard < SHARDS; shard++) {
      homes[shard] = nodes.get(shard % nodeCount);
    }
  }

  /** Lets the nodes start, and agree on contracts. */
  public void begin(Map<String, Contract> contracts) {
    run(BEGINNING, () -> nodes.stream().allMatch(Node::awake));
    contracts.forEach(this::agree);
    run(AGREED, () -> false);
    rest();
  }

  /** What came to a stopped actor goes on from the node where it lived. */
  private boolean again(EntryRequest request, org.apache.pekko.actor.ActorRef stopped) {
    String host = stopped.path().parent().name();
    return nodes.stream()
        .filter(node -> node.awake() && node.name().equals(host))
        .anyMatch(node -> node.keyspace().again(request, stopped));
  }

  static World of(org.apache.pekko.actor.ActorSystem system) {
    return system.settings().setup().get(InWorld.class).orElseThrow().world.get(0);
  }

  ActorSystem<?> system() {
    return system;
  }

  /** What happens next. */
  public Agenda agenda() {
    return agenda;
  }

  Dice dice() {
    return dice;
  }

  Store store() {
    return store;
  }

  JournalFaults journal() {
    return journal;
  }

  Network network() {
    return network;
  }

  /** How many nodes there are, up or down. */
  public int size() {
    return nodes.size();
  }

  /** The true time. */
  public Instant now() {
    return START.plusNanos(agenda.nowNanos());
  }

  Node node(int index) {
    return nodes.get(index);
  }

  /** Lets something happen after a delay. */
  public void later(long delayNanos, Runnable task) {
    var unused = agenda.in(delayNanos, task);
  }

  /** Runs for a duration of virtual time, or until something holds. */
  public void run(Duration duration, BooleanSupplier until) {
    long end = agenda.nowNanos() + duration.toNanos();
    while (!until.getAsBoolean() && agenda.step(end)) {
      // Each step is the whole work.
    }
  }

  void committed(Object event) {
    agenda.note(event.getClass().getSimpleName().hashCode());
    watcher.committed(event);
  }

  Node nodeOf(org.apache.pekko.actor.ActorRef actor) {
    String name = (String) actor.path().elements().drop(1).head();
    for (Node node : nodes) {
      if (node.name().equals(name)) {
        return node;
      }
    }
    for (Node node : fallen) {
      if (node.name().equals(name)) {
        return node;
      }
    }
    throw new IllegalStateException("no node hosts " + actor);
  }

  int shardOf(String key) {
    int hash = key.hashCode();
    return Math.floorMod(hash ^ (hash >>> 16), SHARDS);
  }

  @Nullable Node home(int shard) {
    return homes[shard];
  }

  void stop(ActorRef<?> actor) {
    Adapter.toClassic(system).stop(Adapter.toClassic(actor));
  }

  private void agree(String namespace, Contract contract) {
    CompletableFuture<ContractReply> reply =
        nodes
            .get(0)
            .registry()
            .put(
                new ContractDocument(namespace, 0, "", "", contract), ContractTerms.NONE, BEGINNING)
            .toCompletableFuture();
    run(BEGINNING, reply::isDone);
    if (!(reply.getNow(null) instanceof ContractReply.Stored)) {
      throw new IllegalArgumentException("contract of " + namespace + ": " + reply.getNow(null));
    }
  }

  /** A node serves from now on. */
  void awake() {
    settle();
  }

  /** The keys of nodes that are gone find a home, and so do the sweepers. */
  private void settle() {
    List<Node> up = nodes.stream().filter(node -> node.present() && node.stands()).toList();
    if (up.isEmpty()) {
      return;
    }
    for (int shard = 0; shard < SHARDS; shard++) {
      Node home = homes[shard];
      if (home != null && !home.present()) {
        homes[shard] = up.get(shard % up.size());
      }
    }
    List<Node> awake = up.stream().filter(Node::awake).toList();
    if (awake.isEmpty()) {
      return;
    }
    keepers = Arrays.copyOf(keepers, awake.get(0).keeps());
    for (int number = 0; number < keepers.length; number++) {
      Node keeper = keepers[number];
      if (keeper == null || !keeper.present()) {
        Node next = awake.get(number % awake.size());
        keepers[number] = next;
        next.begin(number);
      }
    }
  }

  private void rest() {
    nodes.forEach(node -> node.tell(new Host.Rest(agenda.nowNanos() - IDLE_NANOS)));
    later(IDLE_NANOS / 2, this::rest);
  }

  /** Kills a node; its keys live elsewhere after {@link #TAKEOVER}. */
  public void crash(int index) {
    Node node = nodes.get(index);
    if (node.alive()) {
      fallen.add(node);
      node.kill();
      later(TAKEOVER.toNanos(), this::settle);
    }
  }

  /** Starts a node again that is down. */
  public void restart(int index) {
    if (!nodes.get(index).alive()) {
      nodes.set(index, new Node(this, index, ++lives, clocks.get(index)));
      later(TAKEOVER.toNanos() / 2, this::settle);
    }
  }

  private Set<Integer> homedAt(Node node) {
    return IntStream.range(0, SHARDS)
        .filter(shard -> homes[shard] == node)
        .boxed()
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Cuts a node off from the others, which take over after {@link #TAKEOVER}. It does not learn of
   * that; that it must not act any more it knows by itself.
   */
  public void cutFromPeers(int index) {
    Node node = nodes.get(index);
    node.cutFromPeers(true);
    int cut = node.cuts();
    if (nodes.size() > 1) {
      later(LEASE.toNanos(), () -> node.entitle(!node.cutFromPeers()));
      later(
          TAKEOVER.toNanos(),
          () -> {
            if (node.cutFromPeers() && node.cuts() == cut && node.alive()) {
              node.giveUp(homedAt(node));
              settle();
            }
          });
    }
  }

  /** Ends what {@link #cutFromPeers} began; a node that was given up meanwhile starts again. */
  public void reconnect(int index) {
    Node node = nodes.get(index);
    node.cutFromPeers(false);
    node.entitle(true);
    if (node.givenUp()) {
      crash(index);
    }
    restart(index);
  }

  /**
   * Asks a node over the network as a client does.
   *
   * @param heard is told the reply; {@code null} when none came in time
   */
  public void ask(int index, Behaviour.Act act, Consumer<@Nullable Object> heard) {
    new Asking(this, act, heard).ask(index);
  }

  /** Cuts a node off from the store, or connects it again. */
  public void cutFromJournal(int index, boolean cut) {
    nodes.get(index).cutFromJournal(cut);
  }

  /** Sets how well the journal works: the share of failing writes, and how slow it is at most. */
  public void journal(double failing, Duration slow) {
    journal.set(failing, slow.toNanos());
  }

  /** Sets how well the network works: the shares of loss and duplication, and how slow it is. */
  public void network(double loss, double duplication, Duration slow) {
    network.set(loss, duplication, slow.toNanos());
  }

  /** Lets the clock of a node jump. */
  public void step(int index, Duration jump) {
    clocks.get(index).step(jump.toNanos());
  }

  /** Lets the clock of a node run faster or slower by a share. */
  public void drift(int index, double share) {
    clocks.get(index).drift(share);
  }

  /** How far the clocks are from the truth at most. */
  public long errorMillis() {
    return clocks.stream().mapToLong(clock -> Math.abs(clock.errorMillis())).max().orElse(0);
  }

  /** Hands the shard of a number over to the next node that is up. */
  public void move(int number) {
    int shard = Math.floorMod(number, SHARDS);
    Node from = homes[shard];
    List<Node> others =
        nodes.stream()
            .filter(node -> node.alive() && node.stands() && !node.cutFromPeers() && node != from)
            .toList();
    if (from != null && from.alive() && !from.cutFromPeers() && !others.isEmpty()) {
      Node to = others.get(Math.floorMod(number, others.size()));
      homes[shard] = null;
      from.tell(new Host.Leave(shard, () -> homes[shard] = to));
      later(
          TAKEOVER.toNanos(),
          () -> {
            if (homes[shard] == null) {
              homes[shard] = from;
              settle();
            }
          });
    }
  }

  /** Lets every key that may passivate leave the memory. */
  public void passivateAll() {
    nodes.forEach(node -> node.tell(new Host.Rest(Long.MAX_VALUE)));
  }

  /** Ends all that does not work; nodes that are down start again. */
  public void heal() {
    journal(0, Duration.ZERO);
    network(0, 0, Duration.ZERO);
    for (int index = 0; index < nodes.size(); index++) {
      Node node = nodes.get(index);
      node.cutFromJournal(false);
      clocks.get(index).correct();
      if (node.cutFromPeers()) {
        crash(index);
      }
      restart(index);
    }
    later(TAKEOVER.toNanos(), this::settle);
  }

  /** The names of what should have been woken before an instant, and still waits. */
  public List<String> overdue(Instant instant) {
    return store.overdue(instant).stream().map(wake -> wake.persistenceId()).toList();
  }

  @Override
  public void close() {
    system.terminate();
    run(Duration.ofSeconds(30), () -> system.whenTerminated().isCompleted());
  }
}
