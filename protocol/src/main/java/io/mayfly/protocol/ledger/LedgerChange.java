package io.mayfly.protocol.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one event changes in the ledger. The store writes it in the same step as the event.
 *
 * @param before the key and the deadline of the row that stood until this event, by which a store
 *     finds it; the rest of this row says nothing. Absent when there was none
 * @param after the row that stands from now on; absent when the entry is not to be listed
 * @param wakeBefore the wake-up that stood until this event; absent when there was none
 * @param wakeAfter when the key must next be woken; absent for never
 * @param purged the incarnation that leaves no trace from now on, or 0. With a purge the store
 *     erases every event, snapshot and row of the key, this event included, and remembers only the
 *     highest number purged
 */
public record LedgerChange(
    @Nullable LedgerRow before,
    @Nullable LedgerRow after,
    @Nullable Instant wakeBefore,
    @Nullable Instant wakeAfter,
    long purged) {
  /** An event of which the ledger shows nothing. */
  public static final LedgerChange NONE = new LedgerChange(null, null, null, null, 0);

  /**
   * Whether the key has had an event before, since its last purge. What the ledger showed or woke
   * until now came of one; of other events nothing is known.
   */
  public boolean followsAnother() {
    return before != null || wakeBefore != null;
  }
}
