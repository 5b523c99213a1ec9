package io.mayfly.server.telemetry;

import java.util.HashMap;
import java.util.Map;

/** By how much totals grew since they were last read. Used by one thread at a time. */
final class Increase {
  private final Map<String, Long> last = new HashMap<>();

  /** How much a total grew; never less than 0. */
  long of(String name, long total) {
    Long before = last.put(name, total);
    return Math.max(0, total - (before == null ? 0 : before));
  }
}
