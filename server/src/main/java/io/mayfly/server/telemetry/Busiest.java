package io.mayfly.server.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Finds out which names deserve one of a few places, in bounded memory. Those that have a place are
 * counted elsewhere, exactly; of all others those are followed that make up a good part of the rest
 * (Misra and Gries, Finding repeated elements, 1982).
 *
 * <p>Invariant: a name that was counted more often within a window than all names without a place
 * together, divided by the names that are followed and one, is followed when the window ends, and
 * is counted no more often than it was used. Used by one thread at a time.
 */
final class Busiest {
  /**
   * How much busier a name must be than the one whose place it takes: two that are about as busy do
   * not take turns.
   */
  private static final long MARGIN = 2;

  private final int followedMax;
  private final Map<String, Long> uses = new HashMap<>();

  /** A name takes the place of another. */
  record Turn(String out, String in) {}

  /** Nothing is followed yet, and at most so many names ever are. */
  Busiest(int followedMax) {
    this.followedMax = followedMax;
  }

  /** A name without a place was used. */
  void used(String name) {
    if (uses.containsKey(name) || uses.size() < followedMax) {
      uses.merge(name, 1L, Long::sum);
    } else {
      forget();
    }
  }

  /** Takes one from all: each use that is not counted takes as many with it as are followed. */
  private void forget() {
    Iterator<Map.Entry<String, Long>> all = uses.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, Long> each = all.next();
      if (each.getValue() > 1) {
        each.setValue(each.getValue() - 1);
      } else {
        all.remove();
      }
    }
  }

  /**
   * Ends a window and begins the next one.
   *
   * @param placed how often each name with a place was used within the window
   * @return who takes whose place
   */
  List<Turn> turn(Map<String, Long> placed) {
    List<String> in = sorted(uses, Comparator.reverseOrder());
    List<String> out = sorted(placed, Comparator.naturalOrder());
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < Math.min(in.size(), out.size()); i++) {
      if (uses.getOrDefault(in.get(i), 0L) <= MARGIN * placed.getOrDefault(out.get(i), 0L)) {
        break;
      }
      turns.add(new Turn(out.get(i), in.get(i)));
    }
    uses.clear();
    return turns;
  }

  private static List<String> sorted(Map<String, Long> counts, Comparator<Long> order) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(order).thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }
}
