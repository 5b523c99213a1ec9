package io.mayfly.testkit;

import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.testkit.sim.Dice;

/** What one client does: it asks, hears, thinks, and asks again. */
public interface Behaviour {
  /** What a client asks. */
  sealed interface Act {}

  /** Asks an entry. */
  record Ask(EntryId id, EntryCommand command) implements Act {}

  /** Asks a resource that is leased. */
  record AskLease(LeaseId id, LeaseCommand command) implements Act {}

  /**
   * What to ask next.
   *
   * @param number different in every call of every client of a run
   */
  Act next(Dice dice, long number);

  /** What came of it: a reply, or {@code null} when none came in time. */
  default void heard(Act act, @org.jspecify.annotations.Nullable Object reply) {}
}
