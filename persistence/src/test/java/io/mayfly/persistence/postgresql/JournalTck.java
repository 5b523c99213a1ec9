package io.mayfly.persistence.postgresql;

import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.journal.JavaJournalSpec;

/** Pekko's own suite for journals, held against this one. Run by {@link PostgresTckTest}. */
public final class JournalTck extends JavaJournalSpec {
  /** Called by ScalaTest. */
  public JournalTck() {
    super(TestDatabase.empty());
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
