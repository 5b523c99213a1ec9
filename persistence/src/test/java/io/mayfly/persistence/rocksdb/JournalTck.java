package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.JournalSuite;

/** Pekko's own suite for journals, held against this one. Run by {@link TckTest}. */
public final class JournalTck extends JournalSuite {
  /** Called by ScalaTest. */
  public JournalTck() {
    super(TestStores.selfOpening(TckTest.directory()));
  }
}
