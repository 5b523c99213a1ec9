package io.mayfly.benchmarks.cluster;

import io.mayfly.benchmarks.load.LoadResult;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What generators at several nodes measured at the same time.
 *
 * @param cpuNanos processor time of all nodes together
 * @param errors requests without a 2xx answer
 */
record ScaleFigures(double perSecond, Histogram latencyNanos, long cpuNanos, long errors) {

  /** The figures of generators that each looked at the processor time of all nodes. */
  static ScaleFigures of(List<LoadResult> results) {
    Histogram latency = new Histogram(results.get(0).latencyNanos());
    latency.reset();
    results.forEach(result -> latency.add(result.latencyNanos()));
    return new ScaleFigures(
        results.stream().mapToDouble(LoadResult::perSecond).sum(),
        latency,
        results.get(0).serverCpuNanos(),
        results.stream().mapToLong(LoadResult::errors).sum());
  }

  String text() {
    return String.format(
        "%,.0f | %.1f | %.1f | %.1f%s",
        perSecond,
        latencyNanos.getValueAtPercentile(50) / 1e6,
        latencyNanos.getValueAtPercentile(99) / 1e6,
        cpuNanos / 1e3 / Math.max(1, latencyNanos.getTotalCount()),
        errors == 0 ? "" : " | without a 2xx answer: " + errors);
  }
}
