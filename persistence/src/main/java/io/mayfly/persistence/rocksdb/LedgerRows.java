package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How the ledger's rows are spelt, and how an event changes them. A part of the stored format. */
final class LedgerRows {
  private final ByteWriter key = new ByteWriter(128);
  private final ByteWriter value = new ByteWriter(64);

  /** Adds what an event changes to the batch that holds the event. */
  void apply(ComposedBatch batch, String persistenceId, LedgerChange change) {
    LedgerRow before = change.before();
    LedgerRow after = change.purged() > 0 ? null : change.after();
    if (before != null) {
      removeRow(batch, before, after);
    }
    if (after != null) {
      putRow(batch, after);
    }
    Instant wakeAfter = change.purged() > 0 ? null : change.wakeAfter();
    moveWake(batch, persistenceId, change.wakeBefore(), wakeAfter);
  }

  private void removeRow(ComposedBatch batch, LedgerRow before, @Nullable LedgerRow after) {
    EntryId id = before.id();
    LedgerRow successor = after != null && after.id().equals(id) ? after : null;
    if (successor == null) {
      batch.delete(Column.LISTING, Keys.listing(key, id.namespace(), id.key()));
    }
    if (successor == null || !successor.expiresAt().equals(before.expiresAt())) {
      batch.delete(Column.EXPIRY, Keys.expiry(key, id.namespace(), before.expiresAt(), id.key()));
    }
  }

  private void putRow(ComposedBatch batch, LedgerRow row) {
    EntryId id = row.id();
    batch.put(
        Column.EXPIRY,
        Keys.expiry(key, id.namespace(), row.expiresAt(), id.key()),
        expiryValue(value, row));
    batch.put(
        Column.LISTING, Keys.listing(key, id.namespace(), id.key()), listingValue(value, row));
  }

  /** What stands in EXPIRY of a row. */
  static ByteWriter expiryValue(ByteWriter value, LedgerRow row) {
    return value
        .truncate(0)
        .i64(row.version().incarnation())
        .i64(row.version().revision())
        .instant(row.validFrom());
  }

  /** What stands in LISTING of a row. */
  static ByteWriter listingValue(ByteWriter value, LedgerRow row) {
    return expiryValue(value, row).instant(row.expiresAt());
  }

  private void moveWake(
      ComposedBatch batch, String persistenceId, @Nullable Instant from, @Nullable Instant to) {
    if (from != null && from.equals(to)) {
      return;
    }
    int slice = Ledger.sliceOf(persistenceId);
    if (from != null) {
      batch.delete(Column.WAKE, Keys.wake(key, slice, from, persistenceId));
    }
    if (to != null) {
      batch.put(Column.WAKE, Keys.wake(key, slice, to, persistenceId), value.truncate(0));
    }
  }

  static LedgerRow listed(String namespace, byte[] key, byte[] value) {
    return listed(new EntryId(namespace, new ByteReader(key).skipPart().restText()), value);
  }

  static LedgerRow listed(EntryId id, byte[] value) {
    ByteReader reader = new ByteReader(value);
    Version version = new Version(reader.i64(), reader.i64());
    return new LedgerRow(id, version, reader.instant(), reader.instant());
  }

  static LedgerRow expiring(String namespace, byte[] key, byte[] value) {
    ByteReader keyReader = new ByteReader(key).skipPart();
    Instant expiresAt = keyReader.instant();
    ByteReader reader = new ByteReader(value);
    Version version = new Version(reader.i64(), reader.i64());
    return new LedgerRow(
        new EntryId(namespace, keyReader.restText()), version, reader.instant(), expiresAt);
  }

  /** The first key that does not start with a prefix, whose last byte is never the highest. */
  static byte[] endOfPrefix(byte[] prefix) {
    byte[] end = Arrays.copyOf(prefix, prefix.length);
    end[end.length - 1]++;
    return end;
  }
}
