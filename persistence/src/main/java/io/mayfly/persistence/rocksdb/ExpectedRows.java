package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows that the ledger must have of one key, as they are spelt. */
final class ExpectedRows {
  /** The columns of the ledger. */
  static final List<Column> LEDGER = List.of(Column.LISTING, Column.EXPIRY, Column.WAKE);

  private static final byte[] EMPTY = {};

  private final Map<Column, byte[]> keys = new EnumMap<>(Column.class);
  private final Map<Column, byte[]> values = new EnumMap<>(Column.class);

  /**
   * The rows of an account.
   *
   * @param id the entry, if the persistence id names one
   */
  ExpectedRows(String persistenceId, @Nullable EntryId id, Account account) {
    LedgerRow row = account.row();
    Instant wake = account.wake();
    ByteWriter bytes = new ByteWriter(96);
    if (row != null) {
      EntryId listed = row.id();
      keys.put(Column.LISTING, Keys.listing(bytes, listed.namespace(), listed.key()).toBytes());
      keys.put(
          Column.EXPIRY,
          Keys.expiry(bytes, listed.namespace(), row.expiresAt(), listed.key()).toBytes());
      values.put(Column.LISTING, LedgerRows.listingValue(bytes, row).toBytes());
      values.put(Column.EXPIRY, LedgerRows.expiryValue(bytes, row).toBytes());
    } else if (id != null) {
      keys.put(Column.LISTING, Keys.listing(bytes, id.namespace(), id.key()).toBytes());
    }
    if (wake != null) {
      keys.put(
          Column.WAKE,
          Keys.wake(bytes, Ledger.sliceOf(persistenceId), wake, persistenceId).toBytes());
      values.put(Column.WAKE, EMPTY);
    }
  }

  /** The only key that the column may have; absent when it may have none, or any is unknown. */
  byte @Nullable [] key(Column column) {
    return keys.get(column);
  }

  /** What must stand under {@link #key}; absent when nothing may. */
  byte @Nullable [] value(Column column) {
    return values.get(column);
  }

  /** Whether a row under this key is one of them. */
  boolean names(Column column, byte[] key) {
    return values.containsKey(column) && Arrays.equals(keys.get(column), key);
  }

  /** Whether all of them stand, and none where none may. */
  boolean stand(View view) {
    for (Column column : LEDGER) {
      byte[] key = keys.get(column);
      if (key == null) {
        continue;
      }
      // Keys of the journal and rows by key are in the same order within a namespace.
      byte[] actual = column == Column.LISTING ? view.getNext(column, key) : view.get(column, key);
      if (!Arrays.equals(actual, values.get(column))) {
        return false;
      }
    }
    return true;
  }
}
