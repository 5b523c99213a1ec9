package io.mayfly.persistence.rocksdb;

import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.Recorded;

/** An event for tests. Only its text is stored. */
record Noted(String text, LedgerChange ledgerChange, boolean forced) implements Recorded {
  static final LedgerChange NOTHING = new LedgerChange(null, null, null, null, 0);

  static Noted of(String text) {
    return new Noted(text, NOTHING, false);
  }

  static Noted forced(String text) {
    return new Noted(text, NOTHING, true);
  }

  static Noted of(LedgerChange change) {
    return new Noted("changed", change, false);
  }

  static Noted purge(long incarnation) {
    return of(new LedgerChange(null, null, null, null, incarnation));
  }
}
