package io.mayfly.actors.contract;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Durability;

/**
 * What live entries could stand against when one contract takes the place of another.
 *
 * @param moves the entries would be kept elsewhere: durability goes between volatile and the others
 * @param reorders the ordering of updates changes
 * @param remerges the method for concurrent updates changes
 * @param narrows values may be too large
 * @param judges values may break the schema
 */
public record Compatibility(
    boolean moves, boolean reorders, boolean remerges, boolean narrows, boolean judges) {

  /** Compares two contracts. */
  public static Compatibility between(Contract before, Contract after) {
    return new Compatibility(
        inMemory(before) != inMemory(after),
        before.reconciliation().ordering() != after.reconciliation().ordering(),
        before.reconciliation().method() != after.reconciliation().method(),
        after.limits().valueBytes() < before.limits().valueBytes(),
        after.schema() != null && !after.schema().equals(before.schema()));
  }

  private static boolean inMemory(Contract contract) {
    return contract.durability() == Durability.VOLATILE;
  }

  /** Whether the entries must be looked at one by one. */
  public boolean readsValues() {
    return narrows || judges;
  }

  /** Whether any live entry stands against the change. */
  public boolean refusesAny() {
    return moves || reorders || remerges;
  }

  /** Whether live entries matter, or could be left unreachable when they are overruled. */
  boolean needsCheck(boolean force) {
    return moves || (!force && (refusesAny() || readsValues()));
  }
}
