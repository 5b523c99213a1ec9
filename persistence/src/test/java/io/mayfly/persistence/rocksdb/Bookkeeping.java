package io.mayfly.persistence.rocksdb;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Writes the histories of entries, as their actors would. Not for use by several threads. */
final class Bookkeeping {
  static final String PREFIX = "entry|";
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

  private final JournalProbe probe;
  private final Map<EntryId, Long> sequenceNrs = new HashMap<>();
  private final Map<EntryId, LedgerRow> rows = new HashMap<>();
  private final Map<EntryId, Instant> wakes = new HashMap<>();

  Bookkeeping(JournalProbe probe) {
    this.probe = probe;
  }

  static String name(EntryId id) {
    return PREFIX + id.text();
  }

  /** Creates the entry, or moves its revision and its deadline. */
  void write(EntryId id, int seconds) {
    LedgerRow before = rows.get(id);
    long revision = before == null ? 1 : before.version().revision() + 1;
    Instant until = NOW.plusSeconds(seconds);
    LedgerRow after = new LedgerRow(id, new Version(7, revision), NOW, until);
    record(id, before, after, until);
  }

  /** An event that the ledger does not show. */
  void note(EntryId id) {
    store(id, Noted.of("noted"));
  }

  /** Ends the entry; its tombstone stands until then. */
  void end(EntryId id, int seconds) {
    record(id, rows.get(id), null, NOW.plusSeconds(seconds));
  }

  void purge(EntryId id) {
    store(id, Noted.of(new LedgerChange(rows.get(id), null, wakes.get(id), null, 7)));
    rows.remove(id);
    wakes.remove(id);
    sequenceNrs.remove(id);
  }

  /** Replaces the events by a snapshot. */
  void snapshot(EntryId id) {
    LedgerRow row = rows.get(id);
    long sequenceNr = sequenceNrs.getOrDefault(id, 0L);
    Instant until = wakes.get(id);
    if (until != null) {
      probe.saveSnapshot(
          name(id),
          sequenceNr,
          new Balance(row == null ? 0 : row.version().revision(), NOW, until));
      probe.delete(name(id), sequenceNr);
    }
  }

  /** One step of a random history. */
  void step(EntryId id, Random random) {
    boolean stands = rows.containsKey(id);
    boolean known = wakes.containsKey(id);
    int choice = random.nextInt(10);
    if (!known || choice < 5) {
      write(id, random.nextInt(1_000));
    } else if (choice < 7) {
      note(id);
    } else if (choice == 7) {
      snapshot(id);
    } else if (stands) {
      end(id, random.nextInt(1_000));
    } else if (choice == 8) {
      purge(id);
    } else {
      write(id, random.nextInt(1_000));
    }
  }

  private void record(
      EntryId id, @Nullable LedgerRow before, @Nullable LedgerRow after, Instant wake) {
    store(id, Noted.of(new LedgerChange(before, after, wakes.get(id), wake, 0)));
    if (after == null) {
      rows.remove(id);
    } else {
      rows.put(id, after);
    }
    wakes.put(id, wake);
  }

  private void store(EntryId id, Noted event) {
    probe.write(name(id), sequenceNrs.merge(id, 1L, Long::sum), event);
  }
}
