package io.mayfly.benchmarks.load;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one run measured within its window.
 *
 * @param latencyNanos of every answer, whatever its status
 * @param acceptedNanos of every 2xx answer, from the instant at which its request was sent
 * @param byStatus answers by their status
 * @param byClass answers by hundreds of their status: index 2 for 2xx
 * @param broken requests whose connection broke
 * @param windowNanos how long the window was
 * @param serverCpuNanos processor time that the server used in it
 * @param generatorCpuNanos processor time that the generator used in it
 */
public record LoadResult(
    Histogram latencyNanos,
    Histogram acceptedNanos,
    Map<Integer, Long> byStatus,
    List<Long> byClass,
    long broken,
    long windowNanos,
    long serverCpuNanos,
    long generatorCpuNanos) {

  /** All answers. */
  public long answers() {
    return latencyNanos.getTotalCount();
  }

  /** Requests without a 2xx answer. */
  public long errors() {
    return answers() - byClass.get(2) + broken;
  }

  /** Answers per second. */
  public double perSecond() {
    return answers() * 1e9 / windowNanos;
  }

  /** Answers of 2xx per second. */
  public double acceptedPerSecond() {
    return byClass.get(2) * 1e9 / windowNanos;
  }

  /** Milliseconds from sending within which this share of the 2xx answers came. */
  public double acceptedMillis(double percentile) {
    return acceptedNanos.getValueAtPercentile(percentile) / 1e6;
  }

  /** Microseconds of the server's processor time per answer. */
  public double serverCpuMicros() {
    return serverCpuNanos / 1e3 / Math.max(1, answers());
  }

  /** Microseconds of the generator's processor time per answer. */
  public double generatorCpuMicros() {
    return generatorCpuNanos / 1e3 / Math.max(1, answers());
  }

  /** Milliseconds within which this share of the answers came. */
  public double latencyMillis(double percentile) {
    return latencyNanos.getValueAtPercentile(percentile) / 1e6;
  }
}
