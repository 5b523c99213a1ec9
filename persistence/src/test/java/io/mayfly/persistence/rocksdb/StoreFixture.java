package io.mayfly.persistence.rocksdb;

import java.nio.file.Path;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;

/** A store in use: an actor system with the plug-ins on it. */
final class StoreFixture implements AutoCloseable {
  private final RocksStore store;
  private final ActorSystem system;
  private final JournalProbe probe;

  StoreFixture(Path directory) {
    this(TestStores.open(directory));
  }

  StoreFixture(RocksStore store) {
    this.store = store;
    system = TestStores.system(store);
    probe = new JournalProbe(system);
  }

  RocksStore store() {
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
