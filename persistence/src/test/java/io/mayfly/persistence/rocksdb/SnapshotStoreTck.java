package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.SnapshotStoreSuite;

/** Pekko's own suite for snapshot stores, held against this one. Run by {@link TckTest}. */
public final class SnapshotStoreTck extends SnapshotStoreSuite {
  /** Called by ScalaTest. */
  public SnapshotStoreTck() {
    super(TestStores.selfOpening(TckTest.directory()));
  }
}
