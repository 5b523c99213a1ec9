package io.mayfly.persistence.plugin;

import com.typesafe.config.Config;
import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.snapshot.JavaSnapshotStoreSpec;

/**
 * Pekko's own suite for snapshot stores, with everything asked that it can ask. Run by {@link Tck}.
 */
public abstract class SnapshotStoreSuite extends JavaSnapshotStoreSpec {
  /** The suite over the store that a configuration names. */
  protected SnapshotStoreSuite(Config config) {
    super(config);
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
