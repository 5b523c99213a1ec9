package io.mayfly.benchmarks.load;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/** Counts what falls into the window of a run, which begins when the warm-up is over. */
final class Measurement {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final LoadPlan plan;
  private final Histogram latencyNanos = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private final Histogram acceptedNanos = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private final Map<Integer, Long> byStatus = new TreeMap<>();
  private final long[] byClass = new long[6];
  private final long windowStartsNanos;
  private boolean started;
  private boolean over;
  private long broken;
  private long startNanos;
  private long endNanos;
  private long serverCpuNanos;
  private long generatorCpuNanos;

  Measurement(LoadPlan plan, long nowNanos) {
    this.plan = plan;
    windowStartsNanos = nowNanos + plan.pace().warmup().toNanos();
    tick(nowNanos);
  }

  /** Opens and closes the window. */
  void tick(long nowNanos) {
    if (!started && nowNanos - windowStartsNanos >= 0) {
      started = true;
      startNanos = nowNanos;
      serverCpuNanos = plan.serverCpuNanos().getAsLong();
      generatorCpuNanos = THREADS.getCurrentThreadCpuTime();
    } else if (started && !over && nowNanos - startNanos >= plan.pace().window().toNanos()) {
      close(nowNanos);
    }
  }

  private void close(long nowNanos) {
    over = true;
    endNanos = nowNanos;
    serverCpuNanos = plan.serverCpuNanos().getAsLong() - serverCpuNanos;
    generatorCpuNanos = THREADS.getCurrentThreadCpuTime() - generatorCpuNanos;
  }

  boolean isOver() {
    return over;
  }

  /**
   * Counts an answer.
   *
   * @param nanos since the request was due
   * @param sinceSentNanos since it was sent
   */
  void answered(int status, long nanos, long sinceSentNanos) {
    if (started && !over) {
      latencyNanos.recordValue(Math.min(nanos, latencyNanos.getHighestTrackableValue()));
      if (status / 100 == 2) {
        acceptedNanos.recordValue(
            Math.min(sinceSentNanos, acceptedNanos.getHighestTrackableValue()));
      }
      byStatus.merge(status, 1L, Long::sum);
      byClass[Math.min(status / 100, byClass.length - 1)]++;
    }
  }

  void broke() {
    broken++;
  }

  LoadResult result(long nowNanos) {
    if (!over) {
      close(nowNanos);
    }
    return new LoadResult(
        latencyNanos,
        acceptedNanos,
        byStatus,
        LongStream.of(byClass).boxed().toList(),
        broken,
        endNanos - startNanos,
        serverCpuNanos,
        generatorCpuNanos);
  }
}
