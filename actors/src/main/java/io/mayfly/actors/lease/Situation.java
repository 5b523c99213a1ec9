package io.mayfly.actors.lease;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.lease.LeaseId;

/**
 * All that a decision may know besides the state and the command.
 *
 * @param nowMillis the one reading of the clock for this decision
 * @param sinceMillis when a node took the command from its caller; at most {@code nowMillis}
 * @param purgedToken the highest token or incarnation that was ever purged; a new one is above it
 * @param queue who waits
 */
public record Situation(
    LeaseId id,
    Contract contract,
    long nowMillis,
    long sinceMillis,
    long purgedToken,
    LeaseLimits limits,
    Queue queue) {

  /** Whether events must be forced to disk before they are acknowledged. */
  boolean forced() {
    return contract.durability() == Durability.SYNCED;
  }

  /** The token of a lease that is given now. */
  long nextToken(long previous) {
    return Math.max(Math.max(previous, purgedToken) + 1, nowMillis);
  }

  /** How long the id of a released lease is remembered. */
  long tombstoneMillis() {
    return contract.lifetime().tombstone().toMillis();
  }

  /**
   * How long a resource stands that nobody uses: one that a first acquire created for a tombstone's
   * time, one that a client defined as long as a lease may last at most.
   */
  long disuseMillis(boolean defined) {
    return defined
        ? Math.max(tombstoneMillis(), contract.lifetime().max().toMillis())
        : tombstoneMillis();
  }
}
