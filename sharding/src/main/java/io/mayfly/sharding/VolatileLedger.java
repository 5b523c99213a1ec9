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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of the node's volatile entries. They are always awake and end by their own timers, so
 * nothing falls due here.
 */
public final class VolatileLedger implements Ledger {
  private static final Comparator<String> BY_CODE_POINT = VolatileLedger::compareCodePoints;

  private final NavigableMap<Slot, Place> byKey =
      new ConcurrentSkipListMap<>(
          Comparator.comparing(Slot::namespace).thenComparing(Slot::key, BY_CODE_POINT));
  private final NavigableMap<Slot, Place> byDeadline =
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

  /** A place for one entry, which does not stand yet. */
  Place place() {
    return new Place();
  }

  /**
   * The place of one entry in the lists, which its actor fills; a list misses no row meanwhile.
   *
   * <p>Most changes put a deadline off, and nobody lists before the next. So a place stays where it
   * is in the order of deadlines while at least half of the time until the deadline lies before it.
   * Whoever comes by it then moves it to where it belongs, which is still ahead of him.
   *
   * <p>Invariant: the slot of an entry that stands is never after its deadline.
   */
  final class Place {
    private volatile @Nullable LedgerRow row;
    private @Nullable Slot slot;

    private Place() {}

    /** Takes over what an event changes that happened now. */
    synchronized void apply(LedgerChange change, long nowMillis) {
      LedgerRow after = change.after();
      if (after == null) {
        clear();
        highestPurged.accumulateAndGet(change.purged(), Math::max);
        return;
      }
      row = after;
      if (slot == null) {
        fill(after);
      } else if (strays(slot, after, nowMillis)) {
        move(slot, after);
      }
    }

    /** Takes the entry off the lists. */
    synchronized void clear() {
      row = null;
      Slot left = slot;
      slot = null;
      if (left != null && byKey.remove(left, this)) {
        byDeadline.remove(left);
        counts.merge(left.namespace(), -1L, Long::sum);
        counts.remove(left.namespace(), 0L);
      }
    }

    private void fill(LedgerRow first) {
      Slot own = Slot.of(first);
      slot = own;
      if (byKey.put(own, this) == null) {
        counts.merge(own.namespace(), 1L, Long::sum);
      }
      byDeadline.put(own, this);
    }

    private void move(Slot from, LedgerRow to) {
      Slot own = Slot.of(to);
      slot = own;
      byDeadline.put(own, this);
      byDeadline.remove(from);
    }

    private static boolean strays(Slot slot, LedgerRow row, long nowMillis) {
      long untilSlot = slot.expiresAt().toEpochMilli() - nowMillis;
      long untilDeadline = row.expiresAt().toEpochMilli() - nowMillis;
      return untilSlot > untilDeadline || untilSlot < untilDeadline / 2;
    }

    /** The row whose deadline is at this slot; if it lies ahead, the place goes there. */
    private synchronized @Nullable LedgerRow at(Slot seen) {
      LedgerRow standing = row;
      if (standing == null || !seen.equals(slot)) {
        return null;
      }
      if (seen.expiresAt().equals(standing.expiresAt())) {
        return standing;
      }
      move(seen, standing);
      return null;
    }
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
    Stream<LedgerRow> rows =
        until == null
            ? byKey.tailMap(start(query), query.after() == null).values().stream()
                .map(place -> place.row)
                .filter(Objects::nonNull)
                .takeWhile(row -> row.id().namespace().equals(query.namespace()))
                .takeWhile(row -> row.id().key().startsWith(query.prefix()))
            : expiring(start(query), query.after() == null, until)
                .filter(row -> row.id().key().startsWith(query.prefix()));
    return rows.filter(query::shows).limit(query.limit()).toList();
  }

  /** The entries of a namespace that end soonest, at most so many. */
  List<EntryId> soonest(String namespace, long limit) {
    return expiring(new Slot(namespace, "", Instant.MIN), /* inclusive= */ true, Instant.MAX)
        .limit(limit)
        .map(LedgerRow::id)
        .toList();
  }

  /** Goes from slot to slot, since an iterator would miss a place that moves to just before it. */
  private Stream<LedgerRow> expiring(Slot from, boolean inclusive, Instant until) {
    return Stream.iterate(
            inclusive ? byDeadline.ceilingEntry(from) : byDeadline.higherEntry(from),
            at ->
                at != null
                    && at.getKey().namespace().equals(from.namespace())
                    && !at.getKey().expiresAt().isAfter(until),
            at -> byDeadline.higherEntry(at.getKey()))
        .map(at -> at.getValue().at(at.getKey()))
        .filter(Objects::nonNull);
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
