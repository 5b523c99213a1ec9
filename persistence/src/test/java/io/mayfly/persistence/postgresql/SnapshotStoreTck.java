package io.mayfly.persistence.postgresql;

import io.mayfly.persistence.plugin.SnapshotStoreSuite;

/** Pekko's own suite for snapshot stores, held against this one. Run by {@link PostgresTckTest}. */
public final class SnapshotStoreTck extends SnapshotStoreSuite {
  /** Called by ScalaTest. */
  public SnapshotStoreTck() {
    super(TestDatabase.empty());
  }
}
