package io.mayfly.protocol.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says of one key, as far as the ledger shows it.
 *
 * @param row the row that stands; absent when the entry is not to be listed
 * @param wake when the key must next be woken; absent for never
 */
public record Account(@Nullable LedgerRow row, @Nullable Instant wake) {
  /** Of a key of which the ledger shows nothing. */
  public static final Account NOTHING = new Account(null, null);

  /** In words, which name no key. */
  public String summary() {
    if (row != null) {
      return row.version().etag() + " until " + row.expiresAt();
    }
    return wake == null ? "nothing" : "that it ended and wakes at " + wake;
  }
}
