package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.EntryId;

/**
 * All that a decision may know besides the state and the command.
 *
 * @param rule what the contract's schema asks of values
 * @param nowMillis the one reading of the clock for this decision
 * @param sinceMillis when a node took the command from its caller; at most {@code nowMillis}
 * @param purgedIncarnation the highest incarnation that any purged key had; a new one is above it
 */
public record Situation(
    EntryId id,
    Contract contract,
    ValueRule rule,
    long nowMillis,
    long sinceMillis,
    long purgedIncarnation) {

  /** Whether events must be forced to disk before they are acknowledged. */
  boolean forced() {
    return contract.durability() == Durability.SYNCED;
  }

  /** The incarnation of a key created now. */
  long nextIncarnation(long previous) {
    return Math.max(Math.max(previous, purgedIncarnation) + 1, nowMillis);
  }
}
