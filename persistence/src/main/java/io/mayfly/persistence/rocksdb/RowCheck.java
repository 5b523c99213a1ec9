package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.JournalNames;
import io.mayfly.protocol.ledger.Ledger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares one key of the journal, or one row of the ledger, within one view. */
final class RowCheck {
  private final Accounts accounts;
  private final JournalNames names;

  RowCheck(Accounts accounts) {
    this.accounts = accounts;
    this.names = accounts.names();
  }

  /** The persistence id of a row of HEADS. */
  static String idOfHead(byte[] key) {
    return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
  }

  /** What is suspect about a row of HEADS or of the ledger; absent when nothing is. */
  @Nullable Suspect compare(View view, Column column, byte[] key, byte[] value) {
    if (column == Column.HEADS) {
      String persistenceId = idOfHead(key);
      return stands(view, persistenceId) ? null : Suspect.ofKey(persistenceId);
    }
    String owner = owner(column, key);
    return owner != null && called(view, column, owner, key, value)
        ? null
        : Suspect.ofRow(owner, column, key);
  }

  private boolean stands(View view, String persistenceId) {
    Account account = accounts.of(view, persistenceId);
    return account != null
        && new ExpectedRows(persistenceId, names.entry(persistenceId), account).stand(view);
  }

  /** Whose row it is; absent when the key cannot be read, which is no row of ours then. */
  private @Nullable String owner(Column column, byte[] key) {
    try {
      ByteReader reader = new ByteReader(key);
      if (column == Column.WAKE) {
        reader.skip(1).instant();
        return reader.restText();
      }
      String namespace = reader.part();
      if (column == Column.EXPIRY) {
        reader.instant();
      }
      return names.of(new EntryId(namespace, reader.restText()));
    } catch (RuntimeException e) {
      return null;
    }
  }

  private boolean called(View view, Column column, String owner, byte[] key, byte[] value) {
    try {
      return switch (column) {
        case LISTING -> listingCalled(view, owner, key);
        case EXPIRY -> expiryCalled(view, owner, key, value);
        default -> wakeCalled(view, owner, key);
      };
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Keys of the journal were compared with their rows; here, rows without a key are found. */
  private boolean listingCalled(View view, String owner, byte[] key) {
    return Arrays.equals(key, listingKey(owner))
        && view.getNext(Column.HEADS, Keys.eventHead(owner)) != null;
  }

  /** A row by deadline must say what the row by key says, which was compared with the journal. */
  private boolean expiryCalled(View view, String owner, byte[] key, byte[] value) {
    EntryId id = names.entry(owner);
    byte[] listed = id == null ? null : view.get(Column.LISTING, listingKey(owner));
    if (id == null || listed == null) {
      return false;
    }
    Instant deadline = LedgerRows.listed(id, listed).expiresAt();
    byte[] wanted = Keys.expiry(new ByteWriter(96), id.namespace(), deadline, id.key()).toBytes();
    return Arrays.equals(key, wanted) && Arrays.equals(value, Arrays.copyOf(listed, value.length));
  }

  private boolean wakeCalled(View view, String owner, byte[] key) {
    Instant deadline = deadline(view, owner);
    if (deadline != null && Arrays.equals(key, wakeKey(owner, deadline))) {
      return true;
    }
    Account account = accounts.of(view, owner);
    return account != null
        && account.wake() != null
        && Arrays.equals(key, wakeKey(owner, account.wake()));
  }

  private static byte[] wakeKey(String owner, Instant at) {
    return Keys.wake(new ByteWriter(96), Ledger.sliceOf(owner), at, owner).toBytes();
  }

  /** The deadline in the row by key, which is the wake-up of an entry that stands. */
  private @Nullable Instant deadline(View view, String owner) {
    EntryId id = names.entry(owner);
    byte[] listed = id == null ? null : view.get(Column.LISTING, listingKey(owner));
    return id == null || listed == null ? null : LedgerRows.listed(id, listed).expiresAt();
  }

  private byte[] listingKey(String owner) {
    EntryId id = names.entry(owner);
    return id == null
        ? new byte[0]
        : Keys.listing(new ByteWriter(96), id.namespace(), id.key()).toBytes();
  }
}
