package io.mayfly.benchmarks.cluster;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long requests took: reads and writes, through the own node of a key and through others. */
final class HopTimes {
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Histogram ownReads = new Histogram(LONGEST_NANOS, 3);
  private final Histogram otherReads = new Histogram(LONGEST_NANOS, 3);
  private final Histogram ownWrites = new Histogram(LONGEST_NANOS, 3);
  private final Histogram otherWrites = new Histogram(LONGEST_NANOS, 3);

  void add(boolean write, boolean own, long nanos) {
    Histogram reads = own ? ownReads : otherReads;
    Histogram writes = own ? ownWrites : otherWrites;
    (write ? writes : reads).recordValue(nanos);
  }

  void add(HopTimes other) {
    ownReads.add(other.ownReads);
    otherReads.add(other.otherReads);
    ownWrites.add(other.ownWrites);
    otherWrites.add(other.otherWrites);
  }

  /** A line of reads and a line of writes. */
  String text() {
    return line("GET", ownReads, otherReads) + '\n' + line("PUT", ownWrites, otherWrites);
  }

  private static String line(String name, Histogram own, Histogram other) {
    return String.format(
        "%s: own node p50 %.2f ms, p99 %.2f ms (%,d); other node p50 %.2f ms, p99 %.2f ms (%,d);"
            + " ratio of p50 %.2f",
        name,
        own.getValueAtPercentile(50) / 1e6,
        own.getValueAtPercentile(99) / 1e6,
        own.getTotalCount(),
        other.getValueAtPercentile(50) / 1e6,
        other.getValueAtPercentile(99) / 1e6,
        other.getTotalCount(),
        (double) other.getValueAtPercentile(50) / own.getValueAtPercentile(50));
  }
}
