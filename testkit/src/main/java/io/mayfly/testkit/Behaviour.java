package io.mayfly.testkit;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.testkit.sim.Dice;

/** What one client does: it asks, hears, thinks, and asks again. */
public interface Behaviour {
  /** What a client asks. */
  sealed interface Act {
    /** Whether it has at most one effect however often it arrives. */
    boolean repeatable();
  }

  /** Asks an entry. */
  record Ask(EntryId id, EntryCommand command) implements Act {
    @Override
    public boolean repeatable() {
      return !(command instanceof EntryCommand.Mutating mutation)
          || mutation.terms().retryKey() != null;
    }
  }

  /** Asks a resource that is leased. */
  record AskLease(LeaseId id, LeaseCommand command) implements Act {
    @Override
    public boolean repeatable() {
      return command instanceof LeaseCommand.Mutating mutation
          && mutation.terms().retryKey() != null;
    }
  }

  /** Changes the contract of a namespace. */
  record Agree(String namespace, Contract contract) implements Act {
    @Override
    public boolean repeatable() {
      return false;
    }
  }

  /**
   * What to ask next.
   *
   * @param number different in every call of every client of a run
   */
  Act next(Dice dice, long number);

  /**
   * What came of it: a reply, or {@code null} when none came in time. An {@link AssertionError}
   * that this throws fails the run, as a broken guarantee does.
   */
  default void heard(Act act, @org.jspecify.annotations.Nullable Object reply) {}
}
