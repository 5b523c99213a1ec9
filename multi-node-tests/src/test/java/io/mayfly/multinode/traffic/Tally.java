package io.mayfly.multinode.traffic;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what came of requests, by status. Who found no connection asks elsewhere and counts not.
 */
public final class Tally {
  private static final int CUT_OFF = 0;
  private static final Set<Integer> FINE = Set.of(200, 201, 404);

  private final Map<Integer, Long> counts = new ConcurrentHashMap<>();

  void answered(Answer answer) {
    counts.merge(answer.status(), 1L, Long::sum);
  }

  void failed(IOException failure) {
    if (!(failure instanceof ConnectException)) {
      counts.merge(CUT_OFF, 1L, Long::sum);
    }
  }

  /** The share of requests that were refused, cut off, or left without a certain outcome. */
  public double affected() {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    long fine = FINE.stream().mapToLong(status -> counts.getOrDefault(status, 0L)).sum();
    return all == 0 ? 1 : (double) (all - fine) / all;
  }

  /** The statuses of requests that were affected; 0 for a connection that was cut off. */
  public Set<Integer> refusals() {
    Set<Integer> statuses = new TreeSet<>(counts.keySet());
    statuses.removeAll(FINE);
    return statuses;
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
