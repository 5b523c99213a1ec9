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
 */
record Life(
    Version version,
    long createdAtMillis,
    long updatedAtMillis,
    long validFromMillis,
    long expiresAtMillis,
    long ttlMillis,
    Value value,
    @Nullable String traceparent) {

  boolean overdue(Situation situation) {
    return situation.nowMillis() >= expiresAtMillis;
  }

  /** Whether a not-before instant was named; otherwise the life is valid from its creation. */
  boolean hasNotBefore() {
    return validFromMillis > createdAtMillis;
  }

  Life slidTo(long deadlineMillis) {
    return new Life(
        version,
        createdAtMillis,
        updatedAtMillis,
        validFromMillis,
        deadlineMillis,
        ttlMillis,
        value,
        traceparent);
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
