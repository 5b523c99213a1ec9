package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.Accounted;
import io.mayfly.protocol.ledger.JournalNames;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.Recorded;
import io.mayfly.protocol.ledger.Wakeful;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the journal says of a key: the last event that changed the ledger says it, or, when the
 * events were deleted, the snapshot that took their place.
 */
final class Accounts {
  private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

  private final EventCodec codec;
  private final JournalNames names;

  Accounts(EventCodec codec, JournalNames names) {
    this.codec = codec;
    this.names = names;
  }

  JournalNames names() {
    return names;
  }

  /** What is said of a persistence id; absent when its events or its snapshot cannot be read. */
  @Nullable Account of(View view, String persistenceId) {
    byte[] prefix = new ByteWriter(64).part(persistenceId).toBytes();
    byte[] end = Keys.numberedEnd(persistenceId);
    try {
      Account told = byEvents(view.rows(Column.EVENTS), prefix, end);
      return told != null ? told : bySnapshot(view.rows(Column.SNAPSHOTS), prefix, persistenceId);
    } catch (Exception e) {
      // Who asks knows under which name the key may be logged; the message may spell it out.
      LOG.debug("the events of a key cannot be read: {}", e.getClass().getName());
      return null;
    }
  }

  private @Nullable Account byEvents(RocksIterator events, byte[] prefix, byte[] end) {
    events.seekForPrev(end);
    for (; isOf(prefix, events); events.prev()) {
      if (!(codec.payload(events.value()) instanceof Recorded recorded)) {
        return Account.NOTHING;
      }
      LedgerChange change = recorded.ledgerChange();
      if (!change.equals(LedgerChange.NONE)) {
        return new Account(change.after(), change.wakeAfter());
      }
    }
    return null;
  }

  private Account bySnapshot(RocksIterator snapshots, byte[] prefix, String persistenceId) {
    snapshots.seekForPrev(Keys.numberedEnd(persistenceId));
    if (!isOf(prefix, snapshots)) {
      return Account.NOTHING;
    }
    EntryId id = names.entry(persistenceId);
    Object state = Snapshots.state(codec, snapshots.value());
    if (state instanceof Wakeful wakeful) {
      return new Account(null, wakeful.wakeAt());
    }
    return id != null && state instanceof Accounted accounted
        ? accounted.account(id)
        : Account.NOTHING;
  }

  /** Whether the iterator stands on a numbered row of the name that the prefix spells. */
  private static boolean isOf(byte[] prefix, RocksIterator rows) {
    if (!rows.isValid()) {
      return false;
    }
    byte[] key = rows.key();
    return key.length == prefix.length + Long.BYTES
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
