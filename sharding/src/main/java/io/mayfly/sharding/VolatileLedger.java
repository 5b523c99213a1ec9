package io.mayfly.sharding;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The ledger of the node's volatile entries. They are always awake and end by their own timers, so
 * nothing falls due here.
 */
public final class VolatileLedger implements Ledger {
  private static final Comparator<String> BY_CODE_POINT = VolatileLedger::compareCodePoints;

  private final NavigableMap<Slot, LedgerRow> byKey =
      new ConcurrentSkipListMap<>(
          Comparator.comparing(Slot::namespace).thenComparing(Slot::key, BY_CODE_POINT));
  private final NavigableMap<Slot, LedgerRow> byDeadline =
      new ConcurrentSkipListMap<>(
          Comparator.comparing(Slot::namespace)
              .thenComparing(Slot::expiresAt)
              .thenComparing(Slot::key, BY_CODE_POINT));
  private final Map<String, Long> counts = new ConcurrentHashMap<>();
  private final AtomicLong highestPurged = new AtomicLong();

  private record Slot(String namespace, String key, Instant expiresAt) {
    static Slot of(LedgerRow row) {
      return new Slot(row.id().namespace(), row.id().key(), row.expiresAt());
    }
  }

  /** The order of the rows of a list. */
  static Comparator<LedgerRow> order(ListQuery query) {
    Comparator<LedgerRow> byName = Comparator.comparing(row -> row.id().key(), BY_CODE_POINT);
    return query.expiringUntil() == null
        ? byName
        : Comparator.comparing(LedgerRow::expiresAt).thenComparing(byName);
  }

  /** Takes over what an event of a volatile entry changes; a list misses no row meanwhile. */
  void apply(LedgerChange change) {
    LedgerRow before = change.before();
    LedgerRow after = change.after();
    if (after != null) {
      if (byKey.put(Slot.of(after), after) == null) {
        counts.merge(after.id().namespace(), 1L, Long::sum);
      }
      byDeadline.put(Slot.of(after), after);
    }
    if (before != null && (after == null || !Slot.of(before).equals(Slot.of(after)))) {
      byDeadline.remove(Slot.of(before));
    }
    if (before != null && after == null) {
      if (byKey.remove(Slot.of(before)) != null) {
        counts.merge(before.id().namespace(), -1L, Long::sum);
        counts.remove(before.id().namespace(), 0L);
      }
    }
    highestPurged.accumulateAndGet(change.purged(), Math::max);
  }

  @Override
  public CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit) {
    return CompletableFuture.completedStage(List.of());
  }

  @Override
  public CompletionStage<List<LedgerRow>> list(ListQuery query) {
    return CompletableFuture.completedStage(rows(query));
  }

  /** A page of a list, at once. */
  List<LedgerRow> rows(ListQuery query) {
    Instant until = query.expiringUntil();
    var rows = until == null ? byKey : byDeadline;
    return rows.tailMap(start(query), query.after() == null).values().stream()
        .takeWhile(row -> row.id().namespace().equals(query.namespace()))
        .takeWhile(row -> until != null || row.id().key().startsWith(query.prefix()))
        .takeWhile(row -> until == null || !row.expiresAt().isAfter(until))
        .filter(row -> row.id().key().startsWith(query.prefix()))
        .filter(query::shows)
        .limit(query.limit())
        .toList();
  }

  /** The entries of a namespace that end soonest, at most so many. */
  List<EntryId> soonest(String namespace, long limit) {
    return byDeadline.tailMap(new Slot(namespace, "", Instant.MIN)).values().stream()
        .takeWhile(row -> row.id().namespace().equals(namespace))
        .limit(limit)
        .map(LedgerRow::id)
        .toList();
  }

  @Override
  public CompletionStage<Map<String, Long>> counts() {
    return CompletableFuture.completedStage(standing());
  }

  /** The entries of each namespace that has any, at once. */
  Map<String, Long> standing() {
    return Map.copyOf(counts);
  }

  @Override
  public long highestPurgedIncarnation() {
    return highestPurged.get();
  }

  private static Slot start(ListQuery query) {
    ListQuery.Position after = query.after();
    if (after != null) {
      return new Slot(query.namespace(), after.key(), after.expiresAt());
    }
    String from = query.expiringUntil() == null ? query.prefix() : "";
    return new Slot(query.namespace(), from, Instant.MIN);
  }

  /** The order of code points is the order of UTF-8 bytes, which the stored ledger has. */
  private static int compareCodePoints(String left, String right) {
    int length = Math.min(left.length(), right.length());
    int i = 0;
    while (i < length && left.charAt(i) == right.charAt(i)) {
      i++;
    }
    if (i == length) {
      return Integer.compare(left.length(), right.length());
    }
    boolean within =
        i > 0
            && Character.isHighSurrogate(left.charAt(i - 1))
            && Character.isLowSurrogate(left.charAt(i))
            && Character.isLowSurrogate(right.charAt(i));
    int at = within ? i - 1 : i;
    return Integer.compare(left.codePointAt(at), right.codePointAt(at));
  }
}
