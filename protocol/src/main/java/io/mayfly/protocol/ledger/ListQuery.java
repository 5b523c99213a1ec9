package io.mayfly.protocol.ledger;

import io.mayfly.protocol.WireMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A page of a namespace's readable entries.
 *
 * @param prefix what each key starts with; empty for all
 * @param expiringUntil list by deadline, up to and including this one; absent to list by key, in
 *     the order of the keys' UTF-8 bytes
 * @param after the last row of the page before; absent for the first page
 * @param limit the most rows, from 1
 * @param now the instant at which rows are judged
 * @param pending whether entries that become valid later are listed too
 */
public record ListQuery(
    String namespace,
    String prefix,
    @Nullable Instant expiringUntil,
    @Nullable Position after,
    int limit,
    Instant now,
    boolean pending)
    implements WireMessage {

  /** A page of what is readable at its instant. */
  public ListQuery(
      String namespace,
      String prefix,
      @Nullable Instant expiringUntil,
      @Nullable Position after,
      int limit,
      Instant now) {
    this(namespace, prefix, expiringUntil, after, limit, now, false);
  }

  /** Where a page ended. The deadline counts only in lists by deadline. */
  public record Position(String key, Instant expiresAt) {}

  /** Whether the query shows a row. */
  public boolean shows(LedgerRow row) {
    return row.visible(now) || (pending && now.isBefore(row.validFrom()));
  }
}
