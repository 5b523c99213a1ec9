package io.mayfly.server.telemetry;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many entries stand, as one node of a cluster has to tell it: those that live in its memory
 * alone, and, while it leads, all that are stored. All nodes together tell each entry once.
 *
 * <p>What is stored is counted in the shared store, where the nodes' writes meet, and seldom enough
 * that the store hardly notices.
 */
public final class ClusterStanding implements Supplier<Map<String, Long>> {
  /** The rest after a count, for each time unit that it took: it takes a fiftieth of the store. */
  private static final long REST = 50;

  private final Supplier<CompletionStage<Map<String, Long>>> stored;
  private final Supplier<Map<String, Long>> inMemory;
  private final BooleanSupplier leads;
  private final long intervalNanos;
  private final LongSupplier nanos;
  private @Nullable Map<String, Long> counted;
  private boolean counting;
  private long dueNanos;

  /**
   * Nothing is counted yet.
   *
   * @param stored counts what the nodes' shared store holds
   * @param inMemory what is in this node's memory alone
   * @param leads whether this node is the one that tells what is stored
   * @param interval how long it rests at least between two counts
   * @param nanos a clock that only measures
   */
  public ClusterStanding(
      Supplier<CompletionStage<Map<String, Long>>> stored,
      Supplier<Map<String, Long>> inMemory,
      BooleanSupplier leads,
      Duration interval,
      LongSupplier nanos) {
    this.stored = stored;
    this.inMemory = inMemory;
    this.leads = leads;
    this.intervalNanos = interval.toNanos();
    this.nanos = nanos;
    this.dueNanos = nanos.getAsLong();
  }

  /** What is known now; to be asked often. */
  @Override
  public synchronized Map<String, Long> get() {
    long now = nanos.getAsLong();
    if (!leads.getAsBoolean()) {
      counted = null;
      dueNanos = now;
    } else if (!counting && now - dueNanos >= 0) {
      count(now);
    }
    Map<String, Long> sum = new HashMap<>(inMemory.get());
    if (counted != null) {
      counted.forEach((namespace, count) -> sum.merge(namespace, count, Long::sum));
    }
    return sum;
  }

  private void count(long beganNanos) {
    counting = true;
    var unused = stored.get().whenComplete((counts, failure) -> counted(beganNanos, counts));
  }

  /** A count that failed leaves the last one standing, until the next one. */
  private synchronized void counted(long beganNanos, @Nullable Map<String, Long> counts) {
    long now = nanos.getAsLong();
    counting = false;
    dueNanos = now + Math.max(intervalNanos, REST * (now - beganNanos));
    if (counts != null) {
      counted = counts;
    }
  }
}
