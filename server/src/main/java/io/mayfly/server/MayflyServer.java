package io.mayfly.server;

import com.typesafe.config.Config;
import io.mayfly.http.ClusterReport;
import io.mayfly.http.HttpApi;
import io.mayfly.http.HttpSettings;
import io.mayfly.persistence.rocksdb.RocksFeed;
import io.mayfly.persistence.rocksdb.RocksLedgerRounds;
import io.mayfly.persistence.rocksdb.RocksStore;
import io.mayfly.persistence.rocksdb.RocksStoreSetup;
import io.mayfly.persistence.rocksdb.StoreSettings;
import io.mayfly.persistence.rocksdb.StoreUnavailableException;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.time.SteadyClock;
import io.mayfly.server.tls.RemotingTls;
import io.mayfly.sharding.Keyspace;
import io.mayfly.sharding.ReplicatedContracts;
import io.mayfly.sharding.Rounds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: its store, its actor system, its keyspace and its gateway.
 *
 * <p>Started in the order in which each part needs the one before: the store is open before an
 * actor runs, the whole path of a command has answered before the gateway listens. Stopped the
 * other way round. A node whose store fails stops: it could neither write nor end anything.
 */
public final class MayflyServer {
  private static final Logger LOG = LoggerFactory.getLogger(MayflyServer.class);

  private static final EntryId PROBE = new EntryId("mayfly", "probe");

  private final Config config;
  private final RocksStore store;
  private final ActorSystem<Void> system;
  private final SteadyClock clock = SteadyClock.system();
  private final NodeHealth health;
  private final Metrics metrics;
  private final ReplicatedContracts contracts;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private volatile @Nullable ServerBinding binding;
  private volatile Supplier<CompletionStage<Void>> streamsEnded =
      () -> CompletableFuture.completedFuture(null);
  private volatile String url = "";

  /**
   * Starts a node and returns when it is ready.
   *
   * @throws StartFailure with a message for an operator, when it cannot; nothing keeps running then
   */
  static MayflyServer start(Config configured) throws StartFailure {
    Config config = RemotingTls.applied(configured);
    HttpAddress address = HttpAddress.from(config);
    Contract standard = ConfiguredContract.from(config);
    RocksStore store;
    try {
      store = RocksStore.open(Path.of(config.getString("mayfly.data")), StoreSettings.from(config));
    } catch (StoreUnavailableException e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    }
    MayflyServer server = null;
    try {
      server = new MayflyServer(config, standard, store);
      Keyspace keyspace = server.openKeyspace();
      server.awaitReady(keyspace);
      server.listen(address, keyspace);
      return server;
    } catch (StartFailure | RuntimeException e) {
      if (server == null) {
        store.close();
      } else {
        server.stop();
      }
      throw e;
    }
  }

  private MayflyServer(Config config, Contract standard, RocksStore store) {
    this.config = config;
    this.store = store;
    this.system =
        ActorSystem.create(
            Behaviors.empty(),
            config.getString("mayfly.cluster.name"),
            ActorSystemSetup.create(BootstrapSetup.create(config), RocksStoreSetup.of(store)));
    ClockWatch.start(clock, system);
    ClusterMembership membership = new ClusterMembership(system);
    this.health = new NodeHealth(membership);
    this.metrics = Metrics.start(config);
    this.contracts = ReplicatedContracts.start(system, standard, clock);
    membership.formAlone();
    store.onFailure(this::onStoreFailure);
  }

  /** Where the gateway listens. */
  String url() {
    return url;
  }

  /** Whether the node stopped because it could not go on. */
  boolean failed() {
    return health.failed();
  }

  /**
   * Stops the node: no new connections, requests under way finish, keys passivate, the store
   * closes. Returns when all is done; later calls return at once.
   */
  void stop() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    health.drain();
    Duration patience = config.getDuration("mayfly.stop.patience");
    ServerBinding bound = binding;
    if (bound != null) {
      await(bound.unbind(), patience, "the gateway did not close its port");
      await(streamsEnded.get(), patience, "some streams did not end");
      await(bound.terminate(patience), patience.plusSeconds(5), "the gateway did not close");
    }
    await(
        CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason()),
        patience.plusSeconds(30),
        "the actor system did not stop");
    store.close();
    LOG.info("stopped");
  }

  /** Keys wake when their contracts are known, and not before: an end obeys the contract. */
  private Keyspace openKeyspace() throws StartFailure {
    Duration patience = config.getDuration("mayfly.start.patience");
    try {
      contracts.restored().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new StartFailure(
          "the contracts could not be restored within "
              + patience
              + ". The log says why; a slow disk may need a longer mayfly.start.patience.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("the start was interrupted", e);
    }
    return Keyspace.start(
        system,
        contracts,
        clock,
        store.ledger(),
        RocksFeed.of(system, Keyspace::feedTag, clock),
        metrics);
  }

  /** A read through the whole path, sent until it is answered. */
  private void awaitReady(Keyspace keyspace) throws StartFailure {
    long deadline = System.nanoTime() + config.getDuration("mayfly.start.patience").toNanos();
    while (System.nanoTime() - deadline < 0) {
      if (answersProbe(keyspace)) {
        health.serve();
        return;
      }
    }
    throw new StartFailure(
        "the node did not become ready within "
            + config.getDuration("mayfly.start.patience")
            + " (mayfly.start.patience). Look for warnings above; a slow disk or a busy machine"
            + " may need a longer time.",
        null);
  }

  private static boolean answersProbe(Keyspace keyspace) {
    try {
      EntryReply reply =
          keyspace
              .entries()
              .send(PROBE, EntryCommand.Read.PEEK, Duration.ofSeconds(1))
              .toCompletableFuture()
              .get(2, TimeUnit.SECONDS);
      return !(reply instanceof Refusal refusal
          && refusal.reason() == Refusal.Reason.OUTCOME_UNKNOWN);
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void listen(HttpAddress address, Keyspace keyspace) throws StartFailure {
    Rounds rounds =
        Rounds.start(
            system,
            RocksLedgerRounds.of(system, Rounds.NAMES),
            keyspace.entries(),
            contracts,
            clock);
    ClusterLook cluster =
        new ClusterLook(
            system,
            config.getDuration("mayfly.cluster.look-patience"),
            () -> new ClusterReport.Journal("rocksdb", store.trouble().orElse(null)),
            rounds::report);
    HttpApi api =
        new HttpApi(
            system,
            HttpSettings.from(config),
            new HttpApi.Ports(
                keyspace.entries(),
                keyspace.leases(),
                keyspace.ledger(),
                keyspace.feed(),
                contracts,
                contracts.registry(keyspace),
                clock,
                health,
                metrics::prometheus,
                cluster));
    try {
      ServerBinding bound =
          api.bind(address.host(), address.port(), address.tls())
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      streamsEnded = api::streamsEnded;
      binding = bound;
      url = address.url(bound.localAddress());
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
      Thread.currentThread().interrupt();
      throw new StartFailure("the start was interrupted", e);
    }
  }

  private void onStoreFailure(StoreUnavailableException cause) {
    LOG.error("the store failed, and the node stops: {}", cause.getMessage());
    health.fail();
    new Thread(() -> System.exit(1), "stop-after-store-failure").start();
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
