package io.mayfly.benchmarks.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * How one figure compares with another that was measured beside it, over several repetitions: what
 * a machine's speed does to both of a repetition falls out.
 *
 * @param median of the ratios
 * @param low where the mean lies above with 97.5 %, by Student's t on the logarithms of the ratios;
 *     not a number with one repetition
 * @param high where it lies below with 97.5 %
 */
public record PairedRatio(double median, double low, double high) {
  private static final double BELOW_HIGH = 0.975;

  /** Compares figures repetition by repetition, which are as many of both and greater than 0. */
  public static PairedRatio of(double[] above, double[] below) {
    double[] ratios =
        IntStream.range(0, above.length).mapToDouble(i -> above[i] / below[i]).toArray();
    SummaryStatistics logs = new SummaryStatistics();
    for (double ratio : ratios) {
      logs.addValue(Math.log(ratio));
    }
    double half = ratios.length < 2 ? Double.NaN : halfWidth(logs, ratios.length);
    return new PairedRatio(
        Spread.of(Arrays.stream(ratios)).median(),
        Math.exp(logs.getMean() - half),
        Math.exp(logs.getMean() + half));
  }

  private static double halfWidth(SummaryStatistics logs, int count) {
    double t = new TDistribution(count - 1).inverseCumulativeProbability(BELOW_HIGH);
    return t * logs.getStandardDeviation() / Math.sqrt(count);
  }

  @Override
  public String toString() {
    return Double.isNaN(low)
        ? String.format(Locale.ROOT, "%.2f", median)
        : String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", median, low, high);
  }
}
