package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.Drift;
import io.mayfly.protocol.ledger.LedgerRounds.Repair;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares suspects once more and makes the ledger say what the journal says. To be run in turn
 * with the journal's writes, since nothing else writes what is compared here.
 */
final class LedgerRepair {
  private final RocksStore store;
  private final Database database;
  private final Accounts accounts;
  private final ComposedBatch batch;
  private final ByteWriter keyBytes = new ByteWriter(128);
  private final ByteWriter valueBytes = new ByteWriter(64);
  private final Set<ByteBuffer> changed = new HashSet<>();
  private final List<Repair> repairs = new ArrayList<>();
  private boolean deletes;

  LedgerRepair(RocksStore store, Accounts accounts) {
    this.store = store;
    this.database = store.database();
    this.accounts = accounts;
    this.batch = database.newBatch();
  }

  /** Repairs in one write; returns what was different still. */
  List<Repair> repair(List<Suspect> suspects) {
    database.look(
        view -> {
          suspects.forEach(suspect -> compare(view, suspect));
          return suspects;
        });
    if (deletes) {
      batch.oweErasure(store.erasure().nextOwed());
    }
    if (!batch.isEmpty()) {
      store.write(batch);
    }
    if (deletes) {
      store.erasure().request();
    }
    return List.copyOf(repairs);
  }

  private void compare(View view, Suspect suspect) {
    String persistenceId = suspect.persistenceId();
    if (persistenceId == null) {
      removeRow(view, suspect, "no key can be read from it");
      return;
    }
    EntryId id = accounts.names().entry(persistenceId);
    Account account = accounts.of(view, persistenceId);
    if (account == null) {
      repairs.add(new Repair(Drift.UNREADABLE, persistenceId, id, "its events cannot be read"));
      return;
    }
    ExpectedRows expected = new ExpectedRows(persistenceId, id, account);
    String detail = "the journal says " + account.summary();
    for (Column column : ExpectedRows.LEDGER) {
      byte[] key = expected.key(column);
      if (key != null) {
        settle(view, column, key, expected.value(column), persistenceId, detail);
      }
    }
    Column column = suspect.column();
    byte[] key = suspect.key();
    if (column != null && key != null && !expected.names(column, key)) {
      removeRow(view, suspect, detail);
    }
  }

  /** Makes one row what it must be. */
  private void settle(
      View view,
      Column column,
      byte[] key,
      byte @Nullable [] wanted,
      @Nullable String persistenceId,
      String detail) {
    byte[] actual = view.get(column, key);
    if (Arrays.equals(actual, wanted) || !firstChangeOf(column, key)) {
      return;
    }
    keyBytes.truncate(0).raw(key);
    if (wanted == null) {
      batch.delete(column, keyBytes);
      deletes = true;
    } else {
      batch.put(column, keyBytes, valueBytes.truncate(0).raw(wanted));
    }
    EntryId id = persistenceId == null ? null : accounts.names().entry(persistenceId);
    repairs.add(new Repair(drift(column, actual, wanted), persistenceId, id, detail));
  }

  private void removeRow(View view, Suspect suspect, String detail) {
    Column column = suspect.column();
    byte[] key = suspect.key();
    if (column != null && key != null) {
      settle(view, column, key, null, suspect.persistenceId(), detail);
    }
  }

  /** Two suspects of one stretch may point at the same row. */
  private boolean firstChangeOf(Column column, byte[] key) {
    ByteBuffer named = ByteBuffer.allocate(1 + key.length);
    return changed.add(named.put((byte) column.index()).put(key).flip());
  }

  private static Drift drift(Column column, byte @Nullable [] actual, byte @Nullable [] wanted) {
    boolean missing = actual == null;
    boolean extra = wanted == null;
    if (column == Column.LISTING) {
      return missing ? Drift.MISSING_LISTING : extra ? Drift.EXTRA_LISTING : Drift.WRONG_LISTING;
    }
    if (column == Column.EXPIRY) {
      return missing ? Drift.MISSING_EXPIRY : extra ? Drift.EXTRA_EXPIRY : Drift.WRONG_EXPIRY;
    }
    return missing ? Drift.MISSING_WAKE : Drift.EXTRA_WAKE;
  }
}
