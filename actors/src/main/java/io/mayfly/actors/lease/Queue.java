package io.mayfly.actors.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a resource, first come first. It lives in memory only.
 *
 * <p>Invariant: it is served from its head alone, so that nobody overtakes.
 */
public record Queue(List<Waiter> waiters) {
  /** Nobody waits. */
  public static final Queue EMPTY = new Queue(List.of());

  boolean isEmpty() {
    return waiters.isEmpty();
  }

  int size() {
    return waiters.size();
  }

  /** Who comes next; absent when nobody waits. */
  @Nullable Waiter head() {
    return waiters.isEmpty() ? null : waiters.get(0);
  }

  Queue with(Waiter last) {
    List<Waiter> all = new ArrayList<>(waiters.size() + 1);
    all.addAll(waiters);
    all.add(last);
    return new Queue(List.copyOf(all));
  }

  Queue withoutHead() {
    return new Queue(List.copyOf(waiters.subList(1, waiters.size())));
  }

  Queue without(Predicate<Waiter> leaving) {
    return waiters.stream().noneMatch(leaving)
        ? this
        : new Queue(waiters.stream().filter(leaving.negate()).toList());
  }

  List<Waiter> all(Predicate<Waiter> wanted) {
    return waiters.stream().filter(wanted).toList();
  }

  /** When the first patience ends, or {@link Long#MAX_VALUE} when nobody waits. */
  long firstUntilMillis() {
    return waiters.stream().mapToLong(Waiter::untilMillis).min().orElse(Long.MAX_VALUE);
  }
}
