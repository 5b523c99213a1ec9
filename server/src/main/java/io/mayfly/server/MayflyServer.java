package io.mayfly.server;

import com.typesafe.config.Config;
import io.mayfly.http.HttpApi;
import io.mayfly.http.HttpSettings;
import io.mayfly.http.Listener;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractRegistry;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.Leases;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.RoundsReport;
import io.mayfly.protocol.pressure.Queues;
import io.mayfly.protocol.time.SteadyClock;
import io.mayfly.server.telemetry.ClusterStanding;
import io.mayfly.server.telemetry.LogFormat;
import io.mayfly.server.telemetry.Metrics;
import io.mayfly.server.telemetry.Readings;
import io.mayfly.server.tls.RemotingTls;
import io.mayfly.sharding.Keyspace;
import io.mayfly.sharding.ReplicatedContracts;
import io.mayfly.sharding.Rounds;
import io.mayfly.sharding.peer.Forwarding;
import io.mayfly.sharding.peer.PeerLinks;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: its store, its actor system, its keyspace and its gateway.
 *
 * <p>Started in the order in which each part needs the one before: the store is open before an
 * actor runs, and the gateway lets a request through when the whole path of a command has answered.
 * Until then it says why not. Stopped the other way round. A node whose own store fails stops: it
 * could neither write nor end anything.
 */
public final class MayflyServer {
  private static final Logger LOG = LoggerFactory.getLogger(MayflyServer.class);

  private static final EntryId PROBE = new EntryId("mayfly", "probe");
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration STRANDED_AFTER = Duration.ofSeconds(20);

  private final Config config;
  private final Contract standard;
  private final HttpAddress address;
  private final NodeStore store;
  private final ActorSystem<Void> system;
  private final SteadyClock clock = SteadyClock.system();
  private final boolean clustered;
  private final BooleanSupplier entitled;
  private final ClusterMembership membership;
  private final NodeHealth health;
  private final Metrics metrics;
  private final Readings readings;
  private final ReplicatedContracts contracts;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Cancellable hook;
  private final long startNanos = System.nanoTime();
  private volatile @Nullable Listener binding;
  private volatile Supplier<CompletionStage<Void>> streamsEnded =
      () -> CompletableFuture.completedFuture(null);
  private volatile String url = "";

  /**
   * Starts a node and returns when it is ready.
   *
   * @throws StartFailure with a message for an operator, when it cannot; nothing keeps running then
   */
  static MayflyServer start(Config configured) throws StartFailure {
    MayflyServer server = prepare(configured);
    if (!server.open()) {
      server.stop();
      throw new StartFailure("the cluster did not take the node in", null);
    }
    return server;
  }

  /**
   * Opens the store and starts the actor system; nothing is served yet.
   *
   * @throws StartFailure when it cannot; nothing keeps running then
   */
  static MayflyServer prepare(Config configured) throws StartFailure {
    Config config = RemotingTls.applied(ClusterSettings.applied(configured));
    Contract standard = ConfiguredContract.from(config);
    HttpAddress address = HttpAddress.from(config);
    NodeStore store = NodeStore.open(config);
    try {
      return new MayflyServer(config, standard, address, store);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private MayflyServer(Config config, Contract standard, HttpAddress address, NodeStore store) {
    this.config = config;
    this.standard = standard;
    this.address = address;
    this.store = store;
    this.system =
        ActorSystem.create(
            Behaviors.empty(),
            config.getString("mayfly.cluster.name"),
            ActorSystemSetup.create(BootstrapSetup.create(config), store.setup()));
    ClockWatch.start(clock, system);
    ClusterSettings settings = ClusterSettings.from(config);
    this.clustered = settings.clustered();
    this.membership = new ClusterMembership(system, settings);
    LogFormat.node(system.address().toString());
    if (clustered) {
      Quorum quorum = Quorum.start(system, settings);
      entitled = quorum::stands;
      store.writeOnlyWhile(entitled);
    } else {
      entitled = membership::up;
    }
    this.health = new NodeHealth(entitled, store::answers);
    ManagedHealth.publish(system, health);
    this.metrics = Metrics.start(config);
    this.contracts = ReplicatedContracts.start(system, standard, clock);
    this.readings = new Readings(system, metrics, health::ready, contracts::versions);
    // Remoting has a hook of its own, which waits for those that are registered here.
    this.hook = CoordinatedShutdown.get(system).addCancellableJvmShutdownHook(this::stop);
    membership.join();
    store.onFailure(this::onStoreFailure);
  }

  /**
   * Serves: listens at once, and lets requests through as soon as the keyspace answers. A node
   * alone must become ready within {@code mayfly.start.patience}; one of a cluster waits for the
   * others as long as it takes.
   *
   * @return whether it is ready; otherwise it was stopped or removed from its cluster, or it waits
   *     in the wrong one
   * @throws StartFailure with a message for an operator; nothing keeps running then
   */
  boolean open() throws StartFailure {
    try {
      HttpApi api = listen();
      if (!awaitContracts()) {
        return false;
      }
      Keyspace keyspace =
          Keyspace.start(
              system,
              forwarding(),
              contracts,
              clock,
              store.ledger(),
              store.feeds(system, clock),
              metrics.telemetry());
      if (!awaitAnswer(keyspace)) {
        return false;
      }
      serve(api, keyspace);
      return true;
    } catch (StartFailure | RuntimeException e) {
      stop();
      throw e;
    }
  }

  /** The direct way to keys of other nodes, if there may be any. */
  private Forwarding forwarding() throws StartFailure {
    if (!clustered) {
      return Forwarding.NONE;
    }
    PeerLinks.Settings direct = ClusterSettings.direct(config);
    try {
      return PeerLinks.start(system, direct, clock, entitled);
    } catch (IOException e) {
      throw new StartFailure(
          "cannot listen on "
              + direct.host()
              + ':'
              + direct.bindPort()
              + " for other nodes: "
              + rootMessage(e)
              + ". Choose another mayfly.cluster.direct.port, or stop the process that has this one.",
          e);
    }
  }

  /** Where the gateway listens. */
  String url() {
    return url;
  }

  /** Whether the node stopped because it could not go on. */
  boolean failed() {
    return health.failed();
  }

  /** Completes when the actor system has ended, whoever ended it. */
  CompletionStage<?> ended() {
    return system.getWhenTerminated();
  }

  /**
   * Stops the node: no new connections, requests under way finish, keys passivate, the store
   * closes. Returns when all is done, whoever began it.
   */
  void stop() {
    if (stopping.compareAndSet(false, true)) {
      try {
        stopParts();
      } finally {
        stopped.countDown();
        hook.cancel();
      }
      return;
    }
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopParts() {
    health.drain();
    readings.close();
    Duration patience = config.getDuration("mayfly.stop.patience");
    Listener bound = binding;
    if (bound != null && !gone()) {
      await(bound.unbind(), patience, "the gateway did not close its port");
      await(streamsEnded.get(), patience, "some streams did not end");
      await(bound.drain(), patience, "the gateway did not close");
    }
    await(
        CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason()),
        patience.plusSeconds(30),
        "the actor system did not stop");
    store.close();
    metrics.close();
    LOG.info("stopped");
  }

  private boolean gone() {
    return system.getWhenTerminated().toCompletableFuture().isDone();
  }

  /** Keys wake when their contracts are known, and not before: an end obeys the contract. */
  private boolean awaitContracts() throws StartFailure {
    CompletableFuture<Void> restored = contracts.restored().toCompletableFuture();
    while (!restored.isDone()) {
      if (!mayGoOn("the contracts could not be restored")) {
        return false;
      }
      try {
        restored.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        LOG.debug("the contracts are not restored yet");
      } catch (ExecutionException e) {
        throw new StartFailure("the contracts could not be restored: " + rootMessage(e), e);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
    return true;
  }

  /** A read through the whole path, sent until it is answered. */
  private boolean awaitAnswer(Keyspace keyspace) throws StartFailure {
    while (!answersProbe(keyspace)) {
      if (!mayGoOn("the keys did not answer")) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is something to wait for. */
  private boolean mayGoOn(String otherwise) throws StartFailure {
    if (stopping.get() || gone()) {
      return false;
    }
    long elapsedNanos = System.nanoTime() - startNanos;
    if (clustered) {
      return elapsedNanos < STRANDED_AFTER.toNanos() || !membership.stranded();
    }
    Duration patience = config.getDuration("mayfly.start.patience");
    if (elapsedNanos > patience.toNanos()) {
      throw new StartFailure(
          otherwise
              + " within "
              + patience
              + " (mayfly.start.patience). Look for warnings above; a slow disk or a busy machine"
              + " may need a longer time.",
          null);
    }
    return true;
  }

  private static boolean answersProbe(Keyspace keyspace) {
    try {
      EntryReply reply =
          keyspace
              .entries()
              .send(PROBE, EntryCommand.Read.PEEK, Duration.ofSeconds(1))
              .toCompletableFuture()
              .get(2, TimeUnit.SECONDS);
      return !(reply instanceof Refusal refusal && refusal.unanswered());
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private HttpApi listen() throws StartFailure {
    NothingYet nothing = new NothingYet(standard);
    HttpApi api =
        new HttpApi(
            system,
            HttpSettings.from(config),
            ports(
                (id, command, timeout) ->
                    CompletableFuture.completedFuture(Refusal.of(Refusal.Reason.DRAINING)),
                (id, command, timeout) ->
                    CompletableFuture.completedFuture(
                        LeaseRefusal.of(LeaseRefusal.Reason.DRAINING)),
                nothing,
                new Feeds(NoFeed.INSTANCE, NoFeed.INSTANCE),
                nothing,
                () -> RoundsReport.NONE,
                Queues.NONE));
    try {
      Listener bound =
          api.bind(address.host(), address.port(), address.tls())
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      streamsEnded = api::streamsEnded;
      binding = bound;
      url = address.url(bound.localAddress());
      return api;
    } catch (ExecutionException | TimeoutException e) {
      throw new StartFailure(
          "cannot listen on "
              + address.host()
              + ':'
              + address.port()
              + ": "
              + rootMessage(e)
              + ". Choose another --port, or stop the process that has this one.",
          e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void serve(HttpApi api, Keyspace keyspace) {
    Rounds rounds =
        Rounds.start(
            system, store.rounds(system, membership::leads), keyspace.entries(), contracts, clock);
    readings.of(clustered ? standingOfCluster(keyspace) : keyspace::standing, rounds::report);
    api.serve(
        ports(
            UncongestedPath.toEntries(keyspace.entries(), store::congested),
            UncongestedPath.toLeases(keyspace.leases(), store::congested),
            keyspace.ledger(),
            keyspace.feeds(),
            contracts.registry(keyspace),
            rounds::report,
            keyspace.queues()));
    health.serve();
  }

  /** In a cluster the node that leads tells what is stored, for all of them. */
  private Supplier<Map<String, Long>> standingOfCluster(Keyspace keyspace) {
    return new ClusterStanding(
        store.ledger()::counts,
        keyspace::standingInMemory,
        () -> membership.leads() && health.ready(),
        config.getDuration("mayfly.telemetry.standing-interval"),
        System::nanoTime);
  }

  private HttpApi.Ports ports(
      Entries entries,
      Leases leases,
      Ledger ledger,
      Feeds feeds,
      ContractRegistry registry,
      Supplier<RoundsReport> rounds,
      Queues queues) {
    return new HttpApi.Ports(
        entries,
        leases,
        ledger,
        feeds,
        contracts,
        registry,
        clock,
        health,
        metrics::prometheus,
        new ClusterLook(
            system, config.getDuration("mayfly.cluster.look-patience"), store::journal, rounds),
        queues,
        metrics.telemetry());
  }

  private void onStoreFailure(String cause) {
    LOG.error("the store failed, and the node stops: {}", cause);
    health.fail();
    new Thread(() -> System.exit(1), "stop-after-store-failure").start();
  }

  private static StartFailure interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new StartFailure("the start was interrupted", cause);
  }

  private static void await(CompletionStage<?> stage, Duration patience, String otherwise) {
    try {
      stage.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{}: {}", otherwise, rootMessage(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
