package io.mayfly.persistence.postgresql;

import io.mayfly.persistence.plugin.JournalSuite;

/** Pekko's own suite for journals, held against this one. Run by {@link PostgresTckTest}. */
public final class JournalTck extends JournalSuite {
  /** Called by ScalaTest. */
  public JournalTck() {
    super(TestDatabase.empty());
  }
}
