package io.mayfly.persistence.postgresql;

import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.snapshot.JavaSnapshotStoreSpec;

/** Pekko's own suite for snapshot stores, held against this one. Run by {@link PostgresTckTest}. */
public final class SnapshotStoreTck extends JavaSnapshotStoreSpec {
  /** Called by ScalaTest. */
  public SnapshotStoreTck() {
    super(TestDatabase.empty());
  }

  @Override
  public CapabilityFlag supportsSerialization() {
    return CapabilityFlag.on();
  }

  @Override
  public CapabilityFlag supportsMetadata() {
    return CapabilityFlag.on();
  }
}
