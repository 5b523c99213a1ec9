package io.mayfly.benchmarks.watch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One watcher, which comes back with the id of its last event whenever it is cut off, and holds
 * that every key's revisions follow each other without a gap.
 */
final class Witness implements Runnable {
  private static final long RETRY_NANOS = 50_000_000;
  private static final long LATENCY_MAX_MICROS = 60_000_000;

  private final Supplier<@Nullable InetSocketAddress> server;
  private final String target;
  private final Acknowledged acknowledged;
  private final long[] seen;
  private final Histogram latency = new Histogram(LATENCY_MAX_MICROS, 3);
  private volatile @Nullable EventStream stream;
  private volatile boolean measuring;
  private volatile boolean over;
  private volatile boolean ready;
  private String last = "";
  private long events;
  private long gaps;
  private long doubles;

  Witness(
      Supplier<@Nullable InetSocketAddress> server,
      String target,
      int keys,
      Acknowledged acknowledged) {
    this.server = server;
    this.target = target;
    this.acknowledged = acknowledged;
    this.seen = new long[keys];
  }

  @Override
  public void run() {
    while (!over) {
      InetSocketAddress address = server.get();
      if (address == null) {
        LockSupport.parkNanos(RETRY_NANOS);
        continue;
      }
      try (EventStream opened = new EventStream(address, target, last)) {
        stream = opened;
        ready = true;
        while (!over && opened.read(this::event)) {
          // Events are counted as they come.
        }
      } catch (IOException e) {
        // Cut off: it comes back.
        LockSupport.parkNanos(over ? 0 : RETRY_NANOS);
      }
    }
  }

  private synchronized void event(String id, int key, long revision) {
    last = id;
    events++;
    if (revision <= seen[key]) {
      doubles++;
    } else if (revision > seen[key] + 1) {
      gaps++;
    }
    seen[key] = Math.max(seen[key], revision);
    if (measuring) {
      long at = acknowledged.nanos(key, revision);
      long late = at == 0 ? 0 : Math.max(0, System.nanoTime() - at) / 1_000;
      latency.recordValue(Math.min(late, LATENCY_MAX_MICROS));
    }
  }

  /** Whether it has begun to watch. */
  boolean ready() {
    return ready;
  }

  /** Cuts its connection. */
  void cut() throws IOException {
    EventStream current = stream;
    if (current != null) {
      current.close();
    }
  }

  void measure(boolean on) {
    measuring = on;
  }

  /** It is enough. */
  void end() throws IOException {
    over = true;
    cut();
  }

  /** How many keys it does not know as they were last acknowledged. */
  synchronized int missing() {
    int missing = 0;
    for (int key = 0; key < seen.length; key++) {
      missing += seen[key] < acknowledged.newest(key) ? 1 : 0;
    }
    return missing;
  }

  synchronized long events() {
    return events;
  }

  synchronized long gaps() {
    return gaps;
  }

  synchronized long doubles() {
    return doubles;
  }

  /** From the acknowledgement to the arrival, in microseconds. */
  synchronized Histogram latency() {
    return latency.copy();
  }
}
