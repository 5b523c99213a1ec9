package io.mayfly.persistence.plugin;

import com.typesafe.config.Config;
import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.journal.JavaJournalSpec;

/** Pekko's own suite for journals, with everything asked that it can ask. Run by {@link Tck}. */
public abstract class JournalSuite extends JavaJournalSpec {
  /** The suite over the store that a configuration names. */
  protected JournalSuite(Config config) {
    super(config);
  }

  @Override
  public CapabilityFlag supportsRejectingNonSerializableObjects() {
    return CapabilityFlag.on();
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
