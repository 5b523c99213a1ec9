package io.mayfly.persistence.postgresql;

import com.typesafe.config.Config;
import io.mayfly.persistence.rocksdb.JournalProbe;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.testkit.javadsl.TestKit;

/** A node's view of a store: an actor system with the plug-ins on it. */
final class StoreInUse implements AutoCloseable {
  private final PostgresStore store;
  private final ActorSystem system;
  private final JournalProbe probe;

  StoreInUse(Config config) {
    store = PostgresStore.open(PostgresSettings.from(config));
    system =
        ActorSystem.create(
            "store",
            ActorSystemSetup.create(BootstrapSetup.create(config), PostgresStoreSetup.of(store)));
    probe = new JournalProbe(system);
  }

  PostgresStore store() {
    return store;
  }

  ActorSystem system() {
    return system;
  }

  JournalProbe probe() {
    return probe;
  }

  @Override
  public void close() {
    TestKit.shutdownActorSystem(system);
    store.close();
  }
}
