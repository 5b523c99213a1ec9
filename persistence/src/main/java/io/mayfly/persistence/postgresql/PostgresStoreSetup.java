package io.mayfly.persistence.postgresql;

import org.apache.pekko.actor.setup.Setup;

/** Gives an actor system the store that its plug-ins are to use. The giver closes it. */
public final class PostgresStoreSetup extends Setup {
  private final PostgresStore store;

  private PostgresStoreSetup(PostgresStore store) {
    this.store = store;
  }

  /** A part of an {@code ActorSystemSetup}. */
  public static PostgresStoreSetup of(PostgresStore store) {
    return new PostgresStoreSetup(store);
  }

  PostgresStore store() {
    return store;
  }
}
