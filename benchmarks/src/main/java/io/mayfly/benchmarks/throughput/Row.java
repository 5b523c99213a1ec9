package io.mayfly.benchmarks.throughput;

import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.PairedRatio;
import io.mayfly.benchmarks.load.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The repetitions of one scenario: medians, and latencies over all of them.
 *
 * @param results one per repetition, at least one
 */
record Row(String label, List<LoadResult> results) {
  static final String HEADER =
      String.format(
          Locale.ROOT,
          "%-28s %11s %19s %8s %8s %8s %11s %7s %17s %7s",
          "",
          "requests/s",
          "(min-max)",
          "p50 ms",
          "p99 ms",
          "p99.9 ms",
          "CPU us/req",
          "x rate",
          "x CPU (95 %)",
          "errors");

  /**
   * One line of the table, with the ratios to the bare server: above 1 is better than it. That of
   * processor time is the median over repetitions, each beside the bare server's, and a confidence
   * interval.
   */
  String line(Row bare) {
    Histogram latency = latency();
    Spread rate = rate();
    return String.format(
        Locale.ROOT,
        "%-28s %,11.0f %19s %8.2f %8.2f %8.2f %11.1f %7.2f %17s %7d",
        label,
        rate.median(),
        String.format(Locale.ROOT, "(%,.0f-%,.0f)", rate.min(), rate.max()),
        latency.getValueAtPercentile(50) / 1e6,
        latency.getValueAtPercentile(99) / 1e6,
        latency.getValueAtPercentile(99.9) / 1e6,
        Spread.of(Arrays.stream(cpuMicros())).median(),
        rate.median() / bare.rate().median(),
        PairedRatio.of(bare.cpuMicros(), cpuMicros()),
        errors());
  }

  Spread rate() {
    return Spread.of(results.stream().mapToDouble(LoadResult::perSecond));
  }

  private double[] cpuMicros() {
    return results.stream().mapToDouble(LoadResult::serverCpuMicros).toArray();
  }

  /** Requests without a 2xx answer, over all repetitions. */
  long errors() {
    return results.stream().mapToLong(LoadResult::errors).sum();
  }

  private Histogram latency() {
    Histogram sum = results.get(0).latencyNanos().copy();
    results.stream().skip(1).forEach(result -> sum.add(result.latencyNanos()));
    return sum;
  }
}
