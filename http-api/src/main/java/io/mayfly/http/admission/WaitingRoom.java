package io.mayfly.http.admission;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where requests wait for a place at the door: the most urgent are called first.
 *
 * <p>While all who come find room, whoever came first is called first. Once somebody was sent away
 * for want of room, whoever came last is called first, and whoever waits longest is sent away: then
 * not everybody can be served in any order, and those who are served are served soon. (A queue in
 * order of arrival would let everybody wait as long as the room is, and then serve the same
 * number.)
 *
 * <p>Invariant: every turn completes exactly once, outside the lock.
 */
final class WaitingRoom {
  /** How long after the last was sent away the room counts as crowded: RFC 8289's interval. */
  private static final long CROWDED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final int waitingMax;
  private final Map<Urgency, ArrayDeque<Waiter>> waiters = new EnumMap<>(Urgency.class);
  private volatile int waiting;
  private boolean everCrowded;
  private long crowdedAtNanos;

  private record Waiter(CompletableFuture<Boolean> turn, long untilNanos) {}

  WaitingRoom(int waitingMax) {
    this.waitingMax = waitingMax;
    for (Urgency urgency : Urgency.values()) {
      waiters.put(urgency, new ArrayDeque<>());
    }
  }

  int waiting() {
    return waiting;
  }

  /**
   * Lets a request wait; the one that has to go instead, which may be the same, is sent away.
   *
   * @param turn completes with whether a place was found
   * @param untilNanos until when it waits, on the monotonic clock
   */
  void add(Urgency urgency, CompletableFuture<Boolean> turn, long nowNanos, long untilNanos) {
    CompletableFuture<Boolean> sentAway = join(urgency, turn, nowNanos, untilNanos);
    if (sentAway != null) {
      sentAway.complete(false);
    }
  }

  private synchronized @Nullable CompletableFuture<Boolean> join(
      Urgency urgency, CompletableFuture<Boolean> turn, long nowNanos, long untilNanos) {
    CompletableFuture<Boolean> sentAway = null;
    if (waiting >= waitingMax) {
      everCrowded = true;
      crowdedAtNanos = nowNanos;
      sentAway = oldestUpTo(urgency);
      if (sentAway == null) {
        return turn;
      }
    }
    of(urgency).addLast(new Waiter(turn, untilNanos));
    count();
    return sentAway;
  }

  private @Nullable CompletableFuture<Boolean> oldestUpTo(Urgency urgency) {
    for (Urgency less : Urgency.values()) {
      Waiter oldest = less.compareTo(urgency) > 0 ? null : of(less).pollFirst();
      if (oldest != null) {
        return oldest.turn();
      }
    }
    return null;
  }

  /**
   * Calls those who find a place.
   *
   * @param place takes a place for this urgency, when there is one
   */
  void call(Predicate<Urgency> place, long nowNanos) {
    for (Waiter next = next(place, nowNanos); next != null; next = next(place, nowNanos)) {
      next.turn().complete(true);
    }
  }

  private synchronized @Nullable Waiter next(Predicate<Urgency> place, long nowNanos) {
    Urgency[] urgencies = Urgency.values();
    for (int i = urgencies.length - 1; i >= 0; i--) {
      ArrayDeque<Waiter> queue = of(urgencies[i]);
      if (!queue.isEmpty() && place.test(urgencies[i])) {
        Waiter next = crowded(nowNanos) ? queue.removeLast() : queue.removeFirst();
        count();
        return next;
      }
    }
    return null;
  }

  /** Sends those away whose time is over. */
  void sweep(long nowNanos) {
    for (Waiter late : late(nowNanos)) {
      late.turn().complete(false);
    }
  }

  private synchronized List<Waiter> late(long nowNanos) {
    List<Waiter> late = new ArrayList<>();
    for (ArrayDeque<Waiter> queue : waiters.values()) {
      for (Iterator<Waiter> each = queue.iterator(); each.hasNext(); ) {
        Waiter waiter = each.next();
        if (waiter.untilNanos() - nowNanos <= 0) {
          each.remove();
          late.add(waiter);
        }
      }
    }
    count();
    return late;
  }

  private boolean crowded(long nowNanos) {
    return everCrowded && nowNanos - crowdedAtNanos < CROWDED_NANOS;
  }

  private ArrayDeque<Waiter> of(Urgency urgency) {
    return waiters.getOrDefault(urgency, new ArrayDeque<>());
  }

  private void count() {
    int sum = 0;
    for (ArrayDeque<Waiter> queue : waiters.values()) {
      sum += queue.size();
    }
    waiting = sum;
  }
}
