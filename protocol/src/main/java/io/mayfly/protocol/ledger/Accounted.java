package io.mayfly.protocol.ledger;

import io.mayfly.protocol.entry.EntryId;

/** A state whose snapshot says what its events said to the ledger, after these are deleted. */
public interface Accounted {
  /**
   * What the ledger must show in this state.
   *
   * <p>Invariant: it is what the events that led to the state left in the ledger.
   *
   * @param id the key whose state this is
   */
  Account account(EntryId id);
}
