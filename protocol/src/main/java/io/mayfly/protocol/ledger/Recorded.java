package io.mayfly.protocol.ledger;

/** An event that tells the store more than its bytes. */
public interface Recorded {
  /** What the event changes in the ledger. */
  LedgerChange ledgerChange();

  /** Whether the event must be forced to disk before it is acknowledged. */
  boolean forced();
}
