package io.mayfly.protocol.ledger;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import java.time.Instant;

/**
 * What the ledger shows of an entry that has not ended.
 *
 * @param validFrom the instant from which the entry may be listed
 * @param expiresAt the instant from which it may not
 */
public record LedgerRow(EntryId id, Version version, Instant validFrom, Instant expiresAt)
    implements WireMessage {
  /** Whether the entry may be shown at this instant. */
  public boolean visible(Instant now) {
    return !now.isBefore(validFrom) && now.isBefore(expiresAt);
  }
}
