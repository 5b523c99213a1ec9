package io.mayfly.persistence.rocksdb;

import org.apache.pekko.actor.setup.Setup;

/** Gives an actor system the store that its plug-ins are to use. The giver closes it. */
public final class RocksStoreSetup extends Setup {
  private final RocksStore store;

  private RocksStoreSetup(RocksStore store) {
    this.store = store;
  }

  /** A part of an {@code ActorSystemSetup}. */
  public static RocksStoreSetup of(RocksStore store) {
    return new RocksStoreSetup(store);
  }

  RocksStore store() {
    return store;
  }
}
