package io.mayfly.benchmarks.inprocess;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.mayfly.benchmarks.process.TemporaryDirectory;
import io.mayfly.persistence.rocksdb.RocksFeed;
import io.mayfly.persistence.rocksdb.RocksStore;
import io.mayfly.persistence.rocksdb.RocksStoreSetup;
import io.mayfly.persistence.rocksdb.StoreSettings;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand.Read;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.telemetry.Telemetry;
import io.mayfly.protocol.time.SteadyClock;
import io.mayfly.sharding.Keyspace;
import io.mayfly.sharding.peer.Forwarding;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;

/**
 * A node as the server starts it, but without its gateway: the store in a new directory, the actor
 * system under the server's configuration, a cluster of one, the keyspace.
 */
final class LocalNode implements AutoCloseable {
  private static final int READY_ATTEMPTS_MAX = 60;
  private static final Duration CLOCK_INTERVAL = Duration.ofSeconds(1);

  private final TemporaryDirectory directory;
  private final RocksStore store;
  private final ActorSystem<Void> system;
  private final Entries entries;

  private LocalNode(Config config, TemporaryDirectory directory) {
    this.directory = directory;
    store = RocksStore.open(directory.path().resolve("data"), StoreSettings.from(config));
    system =
        ActorSystem.create(
            Behaviors.empty(),
            config.getString("mayfly.cluster.name"),
            ActorSystemSetup.create(BootstrapSetup.create(config), RocksStoreSetup.of(store)));
    SteadyClock clock = SteadyClock.system();
    follow(clock);
    RocksFeed.age(system, clock);
    entries =
        Keyspace.start(
                system,
                Forwarding.NONE,
                BenchContracts.contracts(),
                clock,
                store.ledger(),
                new Feeds(
                    RocksFeed.of(system, Keyspace::entryTag),
                    RocksFeed.of(system, Keyspace::leaseTag)),
                Telemetry.NONE)
            .entries();
    Cluster cluster = Cluster.get(Adapter.toClassic(system));
    cluster.join(cluster.selfAddress());
  }

  /** Starts one and returns when both kinds of entries answer. */
  static LocalNode start(Map<String, String> settings) throws IOException {
    LocalNode node =
        new LocalNode(configuration(settings), TemporaryDirectory.create("mayfly-in-process"));
    node.awaitAnswer(BenchContracts.JOURNALED);
    node.awaitAnswer(BenchContracts.VOLATILE);
    return node;
  }

  /** The server's own configuration; the actor system ends without handing its shards over. */
  private static Config configuration(Map<String, String> settings) {
    Config config =
        ConfigFactory.parseString("pekko.coordinated-shutdown.run-by-actor-system-terminate = off");
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      config =
          config.withValue(
              setting.getKey(), ConfigValueFactory.fromAnyRef(setting.getValue(), "--set"));
    }
    return config
        .withFallback(ConfigFactory.parseResources("mayfly.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  private void follow(SteadyClock clock) {
    var unused =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                CLOCK_INTERVAL, CLOCK_INTERVAL, clock::follow, system.executionContext());
  }

  private void awaitAnswer(String namespace) {
    EntryId probe = new EntryId(namespace, "probe");
    for (int i = 0; i < READY_ATTEMPTS_MAX; i++) {
      EntryReply reply =
          entries.send(probe, Read.PEEK, Duration.ofSeconds(1)).toCompletableFuture().join();
      if (!(reply instanceof Refusal refusal && refusal.unanswered())) {
        return;
      }
    }
    close();
    throw new IllegalStateException("the node did not become ready");
  }

  /** The way to its entries. */
  Entries entries() {
    return entries;
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
    store.close();
    directory.close();
  }
}
