package io.mayfly.persistence.rocksdb;

import io.mayfly.protocol.entry.EntryId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * The walk of a round over the store: first over the keys of the journal, whose rows must all
 * stand; then over the ledger's columns, whose rows must all be called for. Remembers where it is,
 * and nothing else. Confined to the rounds' thread.
 */
final class LedgerCheck {
  private static final List<Column> PARTS =
      List.of(Column.HEADS, Column.LISTING, Column.EXPIRY, Column.WAKE);
  private static final byte[] FIRST_HEAD = Keys.eventHead("");
  private static final int ROWS_PER_LOOK_AT_THE_CLOCK = 16;

  private final Accounts accounts;
  private final RowCheck check;
  private final int suspectsMax;
  private int part;
  private byte[] next = FIRST_HEAD;

  /** What a stretch of the walk came to. */
  record Found(long rows, List<Suspect> suspects, @Nullable EntryId example, boolean last) {}

  LedgerCheck(Accounts accounts, int suspectsMax) {
    this.accounts = accounts;
    this.check = new RowCheck(accounts);
    this.suspectsMax = suspectsMax;
  }

  /**
   * Goes on until the budget of processor time is used up, enough is suspect, or a part ends.
   *
   * <p>A part relies on the rows that the part before compared, so what was suspect there must be
   * repaired when it begins.
   */
  Found walk(View view, long budgetNanos) {
    long startNanos = ProcessorTime.nanos();
    List<Suspect> suspects = new ArrayList<>();
    EntryId example = null;
    long count = 0;
    RocksIterator rows = view.rows(PARTS.get(part));
    rows.seek(next);
    while (suspects.size() < suspectsMax && !overdue(count, startNanos, budgetNanos)) {
      if (!inPart(rows)) {
        return new Found(count, suspects, example, endPart());
      }
      byte[] key = rows.key();
      Suspect suspect = check.compare(view, PARTS.get(part), key, rows.value());
      if (suspect != null) {
        suspects.add(suspect);
      }
      if (example == null && part == 0) {
        example = accounts.names().entry(RowCheck.idOfHead(key));
      }
      count++;
      next = Arrays.copyOf(key, key.length + 1);
      rows.next();
    }
    return new Found(count, suspects, example, false);
  }

  private static boolean overdue(long count, long startNanos, long budgetNanos) {
    return count > 0
        && count % ROWS_PER_LOOK_AT_THE_CLOCK == 0
        && ProcessorTime.nanos() - startNanos >= budgetNanos;
  }

  private boolean inPart(RocksIterator rows) {
    return rows.isValid() && (part > 0 || rows.key()[0] == FIRST_HEAD[0]);
  }

  /** Begins the next part; returns whether the round ended instead. */
  private boolean endPart() {
    part = (part + 1) % PARTS.size();
    next = part == 0 ? FIRST_HEAD : new byte[0];
    return part == 0;
  }
}
