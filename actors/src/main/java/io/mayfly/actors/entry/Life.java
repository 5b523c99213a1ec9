package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.LedgerRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The current revision of an incarnation that has not ended.
 *
 * @param validFromMillis from when it can be read; not before its creation
 * @param expiresAtMillis the deadline
 * @param ttlMillis the last time to live that a client named, or 0
 * @param traceparent the trace of the request that created it; absent when it named none
 * @param alarmMillis the wake-up that the ledger has: at the deadline or before
 */
record Life(
    Version version,
    long createdAtMillis,
    long updatedAtMillis,
    long validFromMillis,
    long expiresAtMillis,
    long ttlMillis,
    Value value,
    @Nullable String traceparent,
    long alarmMillis) {
  /** Written before there was an alarm: the ledger has the deadline. */
  Life {
    alarmMillis = alarmMillis == 0 ? expiresAtMillis : alarmMillis;
  }

  boolean overdue(Situation situation) {
    return situation.nowMillis() >= expiresAtMillis;
  }

  /** Whether the ledger wakes a life that is not overdue. No store wakes a volatile one. */
  boolean wokenEarly(Situation situation) {
    return situation.nowMillis() >= alarmMillis
        && situation.contract().durability() != Durability.VOLATILE;
  }

  /** Whether a not-before instant was named; otherwise the life is valid from its creation. */
  boolean hasNotBefore() {
    return validFromMillis > createdAtMillis;
  }

  /** The same with another deadline: the ledger's wake-up moves only when it would be too late. */
  Life slidTo(long deadlineMillis) {
    return until(deadlineMillis, Math.min(alarmMillis, deadlineMillis));
  }

  /** The same with another deadline and another wake-up in the ledger. */
  Life until(long deadlineMillis, long otherAlarmMillis) {
    return new Life(
        version,
        createdAtMillis,
        updatedAtMillis,
        validFromMillis,
        deadlineMillis,
        ttlMillis,
        value,
        traceparent,
        otherAlarmMillis);
  }

  Instant expiresAt() {
    return Instant.ofEpochMilli(expiresAtMillis);
  }

  LedgerRow row(EntryId id) {
    return new LedgerRow(id, version, Instant.ofEpochMilli(validFromMillis), expiresAt());
  }

  Receipt receipt(Outcome outcome, Durability durability) {
    return new Receipt(
        version,
        Instant.ofEpochMilli(createdAtMillis),
        Instant.ofEpochMilli(updatedAtMillis),
        expiresAt(),
        durability,
        outcome);
  }

  EntryView view(Durability durability) {
    return new EntryView(
        version,
        Instant.ofEpochMilli(createdAtMillis),
        Instant.ofEpochMilli(updatedAtMillis),
        expiresAt(),
        durability,
        value);
  }
}
