package io.mayfly.testkit.sim;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Recorded;
import io.mayfly.protocol.ledger.Wake;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.jspecify.annotations.Nullable;

/**
 * The database of a simulated cluster: events, snapshots and the ledger, which change together. A
 * write is refused whose writer was overtaken, as the shared journal refuses it.
 */
final class Store {
  private static final Comparator<Wake> BY_INSTANT =
      Comparator.comparing(Wake::at).thenComparing(Wake::persistenceId);

  private final Map<String, Log> logs = new HashMap<>();
  private final Map<String, Long> purgedAt = new HashMap<>();
  private final List<TreeSet<Wake>> wakes = new ArrayList<>();
  private final NavigableMap<String, LedgerRow> rows = new TreeMap<>();
  private long highestPurged;

  /** What is stored of one key. */
  static final class Log {
    private final NavigableMap<Long, PersistentRepr> events = new TreeMap<>();
    private final NavigableMap<Long, SelectedSnapshot> snapshots = new TreeMap<>();
    private long head;
    private @Nullable Instant wake;
  }

  Store() {
    for (int slice = 0; slice < Ledger.SLICES; slice++) {
      wakes.add(new TreeSet<>(BY_INSTANT));
    }
  }

  /** Stores the events of one write, all or none; false when the writer was overtaken. */
  boolean write(String persistenceId, List<PersistentRepr> events) {
    if (!follows(persistenceId, events.get(0).sequenceNr())) {
      return false;
    }
    for (PersistentRepr event : events) {
      write(persistenceId, event);
    }
    return true;
  }

  private boolean follows(String persistenceId, long first) {
    Log log = logs.get(persistenceId);
    return log != null
        ? log.head == first - 1
        : first == 1 || purgedAt.getOrDefault(persistenceId, -1L) == first - 1;
  }

  private void write(String persistenceId, PersistentRepr event) {
    LedgerChange change =
        event.payload() instanceof Recorded recorded ? recorded.ledgerChange() : LedgerChange.NONE;
    Log log = logs.computeIfAbsent(persistenceId, id -> new Log());
    if (!change.equals(LedgerChange.NONE)) {
      follow(persistenceId, log, change);
    }
    if (change.purged() > 0) {
      highestPurged = Math.max(highestPurged, change.purged());
      logs.remove(persistenceId);
      purgedAt.put(persistenceId, event.sequenceNr());
    } else {
      log.events.put(event.sequenceNr(), event);
      log.head = event.sequenceNr();
    }
  }

  private void follow(String persistenceId, Log log, LedgerChange change) {
    TreeSet<Wake> slice = wakes.get(Ledger.sliceOf(persistenceId));
    if (log.wake != null) {
      slice.remove(new Wake(persistenceId, log.wake));
    }
    log.wake = change.wakeAfter();
    if (log.wake != null) {
      slice.add(new Wake(persistenceId, log.wake));
    }
    if (change.before() != null) {
      rows.remove(change.before().id().text());
    }
    if (change.after() != null) {
      rows.put(change.after().id().text(), change.after());
    }
  }

  List<PersistentRepr> replay(String persistenceId, long from, long to) {
    Log log = logs.get(persistenceId);
    return log == null || from > to
        ? List.of()
        : List.copyOf(log.events.subMap(from, true, to, true).values());
  }

  long head(String persistenceId) {
    Log log = logs.get(persistenceId);
    return log == null ? 0 : log.head;
  }

  void deleteTo(String persistenceId, long sequenceNr) {
    Log log = logs.get(persistenceId);
    if (log != null) {
      log.events.headMap(sequenceNr, true).clear();
    }
  }

  void save(SnapshotMetadata metadata, Object state) {
    Log log = logs.get(metadata.persistenceId());
    if (log != null && log.head >= metadata.sequenceNr()) {
      log.snapshots.put(metadata.sequenceNr(), new SelectedSnapshot(metadata, state));
    }
  }

  @Nullable SelectedSnapshot snapshot(String persistenceId, SnapshotSelectionCriteria criteria) {
    Log log = logs.get(persistenceId);
    var found = log == null ? null : log.snapshots.floorEntry(criteria.maxSequenceNr());
    return found == null ? null : found.getValue();
  }

  void deleteSnapshots(String persistenceId, SnapshotSelectionCriteria criteria) {
    Log log = logs.get(persistenceId);
    if (log != null) {
      log.snapshots.subMap(criteria.minSequenceNr(), true, criteria.maxSequenceNr(), true).clear();
    }
  }

  List<Wake> due(int slice, Wake after, Instant until, int limit) {
    return wakes.get(slice).tailSet(after, false).stream()
        .takeWhile(wake -> !wake.at().isAfter(until))
        .limit(limit)
        .toList();
  }

  List<LedgerRow> list(ListQuery query) {
    ListQuery.Position after = query.after();
    String from = query.namespace() + '/' + (after == null ? query.prefix() : after.key());
    return rows.tailMap(from, after == null).values().stream()
        .takeWhile(row -> row.id().namespace().equals(query.namespace()))
        .filter(query::shows)
        .limit(query.limit())
        .toList();
  }

  Map<String, Long> counts() {
    Map<String, Long> counts = new HashMap<>();
    rows.values().forEach(row -> counts.merge(row.id().namespace(), 1L, Long::sum));
    return counts;
  }

  long highestPurged() {
    return highestPurged;
  }

  /** Whether a row is listed of an entry. */
  boolean lists(EntryId id) {
    return rows.containsKey(id.text());
  }

  /** The wake-ups that were due before an instant. */
  List<Wake> overdue(Instant instant) {
    List<Wake> overdue = new ArrayList<>();
    Wake first = Wake.before(Instant.EPOCH);
    wakes.forEach(slice -> overdue.addAll(slice.subSet(first, Wake.before(instant))));
    return overdue;
  }
}
