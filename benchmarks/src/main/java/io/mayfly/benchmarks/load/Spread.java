package io.mayfly.benchmarks.load;

import java.util.stream.DoubleStream;

/** One figure over several repetitions. */
public record Spread(double median, double min, double max) {

  /** The spread of at least one value. */
  public static Spread of(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
