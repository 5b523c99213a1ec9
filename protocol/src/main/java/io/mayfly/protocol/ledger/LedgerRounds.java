package io.mayfly.protocol.ledger;

import io.mayfly.protocol.entry.EntryId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The port to rounds: comparisons of everything in a ledger with its journal, stretch by stretch.
 * Stages fail only when the store does.
 *
 * <p>Invariant: a repair takes the ledger to what the journal says at that moment. It is one step
 * in the order of the journal's writes, so that no repair undoes a change that runs beside it.
 */
public interface LedgerRounds {

  /**
   * Goes on where the last stretch ended, at the beginning after an end or a restart, and repairs
   * what differs. Only one may be under way.
   *
   * @param budget the processor time to read for, at about
   */
  CompletionStage<Stretch> next(Duration budget);

  /** What the journal says of an entry now; empty when its events cannot be read. */
  CompletionStage<Optional<Account>> account(EntryId id);

  /**
   * A part of a round.
   *
   * @param rows how many rows and keys were compared
   * @param repairs what differed; a bounded number
   * @param example a key that was compared, for a look at its actor
   * @param worked the processor time that it took
   * @param last whether the round is complete
   */
  record Stretch(
      long rows, List<Repair> repairs, @Nullable EntryId example, Duration worked, boolean last) {}

  /**
   * What differed and was repaired, unless its kind cannot be.
   *
   * @param persistenceId whose row it was; absent when that cannot be read
   * @param id the entry, where the persistence id names one
   * @param detail what the journal says; it names no key
   */
  record Repair(Drift drift, @Nullable String persistenceId, @Nullable EntryId id, String detail) {}
}
