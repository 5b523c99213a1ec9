package io.mayfly.persistence.rocksdb;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.Accounted;
import io.mayfly.protocol.ledger.LedgerRow;
import java.io.Serializable;
import java.time.Instant;

/**
 * A state for tests, as a snapshot stores it.
 *
 * @param revision of an entry that stands, or 0
 * @param until its deadline, or when its tombstone is purged
 */
record Balance(long revision, Instant from, Instant until) implements Accounted, Serializable {
  @Override
  public Account account(EntryId id) {
    return new Account(
        revision == 0 ? null : new LedgerRow(id, new Version(7, revision), from, until), until);
  }
}
