package io.mayfly.protocol.ledger;

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
 */
public record ListQuery(
    String namespace,
    String prefix,
    @Nullable Instant expiringUntil,
    @Nullable Position after,
    int limit,
    Instant now) {

  /** Where a page ended. The deadline counts only in lists by deadline. */
  public record Position(String key, Instant expiresAt) {}
}
