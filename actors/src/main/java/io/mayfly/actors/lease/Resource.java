package io.mayfly.actors.lease;

import io.mayfly.protocol.lease.Holder;
import io.mayfly.protocol.lease.LeaseHistoryEvent;
import io.mayfly.protocol.lease.LeaseReply.Released;
import io.mayfly.protocol.lease.LeaseReply.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The permits of a resource, and what it remembers.
 *
 * @param defined whether a client named the capacity; otherwise a first acquire created a lock
 * @param holders the leases that have not ended, oldest first
 * @param resting permits whose cooldown is not over
 * @param history the newest events, oldest first
 * @param bygone the newest released leases, at most {@link #BYGONE_MAX}
 * @param highestToken the highest token given, or a floor above which the next one is
 * @param purgeAtMillis when the resource goes if it is not used until then
 */
record Resource(
    int capacity,
    long cooldownMillis,
    boolean defined,
    List<Held> holders,
    List<Resting> resting,
    List<Bygone> bygone,
    Memory memory,
    List<LeaseHistoryEvent> history,
    long highestToken,
    long purgeAtMillis) {
  /** The most released leases whose ids are remembered. */
  static final int BYGONE_MAX = 128;

  Resource {
    // What was stored before there was a history has none.
    history = history == null ? List.of() : history;
  }

  /** What a first acquire creates. */
  static Resource lock(long tokenFloor) {
    return new Resource(
        1, 0, false, List.of(), List.of(), List.of(), Memory.NONE, List.of(), tokenFloor, 0);
  }

  /** The permits that are neither held nor resting; below zero after the capacity shrank. */
  int available(long nowMillis) {
    int taken = 0;
    for (Held held : holders) {
      taken += held.overdue(nowMillis) ? 0 : held.permits();
    }
    for (Resting rest : resting) {
      taken += rest.untilMillis() <= nowMillis ? 0 : rest.permits();
    }
    return capacity - taken;
  }

  /** The lease of this id; absent when it ended or never was. */
  @Nullable Held held(String leaseId) {
    for (Held held : holders) {
      if (held.leaseId().equals(leaseId)) {
        return held;
      }
    }
    return null;
  }

  boolean released(String leaseId, long nowMillis) {
    return bygone.stream()
        .anyMatch(gone -> gone.leaseId().equals(leaseId) && nowMillis < gone.untilMillis());
  }

  /** The lease that is overdue and ended first; absent when none is overdue. */
  @Nullable Held overdue(long nowMillis) {
    Held first = null;
    for (Held held : holders) {
      if (held.overdue(nowMillis)
          && (first == null || held.expiresAtMillis() < first.expiresAtMillis())) {
        first = held;
      }
    }
    return first;
  }

  /** When the first lease ends, or, without one, the resource goes. */
  long wakeAtMillis() {
    return holders.isEmpty() ? purgeAtMillis : firstEndMillis();
  }

  /** When the first lease ends, or {@link Long#MAX_VALUE}. */
  long firstEndMillis() {
    return holders.stream().mapToLong(Held::expiresAtMillis).min().orElse(Long.MAX_VALUE);
  }

  /** When the first permits have rested, or {@link Long#MAX_VALUE}. */
  long firstRestedMillis(long nowMillis) {
    return resting.stream()
        .mapToLong(Resting::untilMillis)
        .filter(until -> until > nowMillis)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Who holds, at most so many, those first whose lease ends first. */
  List<Holder> holdersByEnd(int max) {
    return holders.stream()
        .sorted(Comparator.comparingLong(Held::expiresAtMillis))
        .limit(max)
        .map(Held::shown)
        .toList();
  }

  View view(int waiting, long nowMillis) {
    return new View(
        capacity,
        Duration.ofMillis(cooldownMillis),
        Math.max(0, available(nowMillis)),
        holders.stream().map(Held::shown).toList(),
        waiting,
        highestToken);
  }

  LeaseState defined(LeaseEvent.Defined event) {
    return standing(
        new Resource(
            event.capacity(),
            event.cooldownMillis(),
            true,
            holders,
            resting,
            bygone,
            memory,
            history,
            Math.max(highestToken, event.tokenFloor()),
            purgeAtMillis),
        event);
  }

  LeaseState granted(LeaseEvent.Granted event) {
    Held held = event.held();
    List<Held> more = new ArrayList<>(holders.size() + 1);
    more.addAll(holders);
    more.add(held);
    Fact fact = event.fact();
    Memory after = memory.after(fact.mark(), fact.atMillis(), held.granted(capacity));
    return standing(with(List.copyOf(more), resting, bygone, after, event.token()), event);
  }

  LeaseState renewed(LeaseEvent.Renewed event) {
    Fact fact = event.fact();
    Held after = lease(event.leaseId()).until(event.expiresAtMillis());
    List<Held> moved = replaced(held -> held.leaseId().equals(event.leaseId()) ? after : held);
    Memory more = memory.after(fact.mark(), fact.atMillis(), after.granted(capacity));
    return standing(with(moved, resting, bygone, more, highestToken), event);
  }

  LeaseState released(LeaseEvent.Released event) {
    Fact fact = event.fact();
    List<Bygone> gone = new ArrayList<>(bygone);
    gone.removeIf(old -> old.untilMillis() <= fact.atMillis());
    gone.add(new Bygone(event.leaseId(), event.rememberedUntilMillis()));
    List<Bygone> newest =
        List.copyOf(gone.subList(Math.max(0, gone.size() - BYGONE_MAX), gone.size()));
    Memory more = memory.after(fact.mark(), fact.atMillis(), new Released(false));
    return ended(lease(event.leaseId()), fact.atMillis(), newest, more, event);
  }

  LeaseState expired(LeaseEvent.Expired event) {
    Held held = lease(event.leaseId());
    return ended(held, held.expiresAtMillis(), bygone, memory, event);
  }

  /** A lease ended at an instant, from which its permits rest. */
  private LeaseState ended(
      Held lease, long endedAtMillis, List<Bygone> gone, Memory after, LeaseEvent event) {
    Fact fact = event.fact();
    List<Held> left =
        holders.stream().filter(held -> !held.leaseId().equals(lease.leaseId())).toList();
    List<Resting> rest = new ArrayList<>(resting);
    rest.removeIf(old -> old.untilMillis() <= fact.atMillis());
    if (endedAtMillis + cooldownMillis > fact.atMillis()) {
      rest.add(new Resting(lease.permits(), endedAtMillis + cooldownMillis));
    }
    return standing(with(left, List.copyOf(rest), gone, after, highestToken), event);
  }

  private Held lease(String leaseId) {
    Held held = held(leaseId);
    if (held == null) {
      throw new IllegalStateException("an event of a lease that does not stand");
    }
    return held;
  }

  private List<Held> replaced(UnaryOperator<Held> change) {
    return holders.stream().map(change).toList();
  }

  private Resource with(
      List<Held> nowHeld, List<Resting> rest, List<Bygone> gone, Memory after, long token) {
    return new Resource(
        capacity,
        cooldownMillis,
        defined,
        nowHeld,
        rest,
        gone,
        after,
        history,
        token,
        purgeAtMillis);
  }

  /** The state after a use: its time of disuse begins anew, and no earlier than all rested. */
  private static LeaseState standing(Resource used, LeaseEvent event) {
    Fact fact = event.fact();
    long rested = used.resting().stream().mapToLong(Resting::untilMillis).max().orElse(0);
    return new LeaseState.Standing(
        new Resource(
            used.capacity(),
            used.cooldownMillis(),
            used.defined(),
            used.holders(),
            used.resting(),
            used.bygone(),
            used.memory(),
            used.historyAfter(event),
            used.highestToken(),
            Math.max(rested, fact.atMillis() + fact.disuseMillis())));
  }

  private List<LeaseHistoryEvent> historyAfter(LeaseEvent event) {
    LeaseHistoryEvent newest = event.line();
    if (newest == null) {
      return history;
    }
    int kept = Math.min(history.size(), Math.max(1, event.fact().historyMax()) - 1);
    List<LeaseHistoryEvent> story = new ArrayList<>(kept + 1);
    story.addAll(history.subList(history.size() - kept, history.size()));
    story.add(newest);
    return Collections.unmodifiableList(story);
  }
}
