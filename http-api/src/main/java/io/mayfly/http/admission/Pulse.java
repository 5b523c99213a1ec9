package io.mayfly.http.admission;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** How fast and how well the node answered within the last seconds. */
public final class Pulse {
  private static final long MICROS_MAX = TimeUnit.MINUTES.toMicros(2);
  private static final int DIGITS = 2;
  private static final int SECONDS = 10;

  private final Recorder micros = new Recorder(MICROS_MAX, DIGITS);
  private final LongAdder answers = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Deque<Second> seconds = new ArrayDeque<>();
  private volatile Beat beat = new Beat(0, 0, 0);

  private record Second(Histogram micros, long answers, long failures) {}

  /**
   * What the last ten seconds were like.
   *
   * @param p50Millis half of the requests that were let in took no longer
   * @param p99Millis 99 of 100 took no longer
   * @param errorRate the share of all answers that were 429 or 5xx, from 0 to 1
   */
  public record Beat(double p50Millis, double p99Millis, double errorRate) {}

  /** Notes how long a request took that was let in. */
  public void took(long nanos) {
    micros.recordValue(Math.min(TimeUnit.NANOSECONDS.toMicros(nanos), MICROS_MAX));
  }

  /** Notes an answer, of a request that was let in or not. */
  public void answered(int status) {
    answers.increment();
    if (status == 429 || status >= 500) {
      failures.increment();
    }
  }

  /** The last ten seconds, as of the last {@link #tick()}. */
  public Beat beat() {
    return beat;
  }

  /** Closes a second. To be called every second. */
  public synchronized void tick() {
    Histogram free = seconds.size() < SECONDS ? null : seconds.removeFirst().micros();
    seconds.add(
        new Second(
            micros.getIntervalHistogram(free), answers.sumThenReset(), failures.sumThenReset()));
    Histogram all = new Histogram(MICROS_MAX, DIGITS);
    long answered = 0;
    long failed = 0;
    for (Second second : seconds) {
      all.add(second.micros());
      answered += second.answers();
      failed += second.failures();
    }
    beat =
        new Beat(
            all.getValueAtPercentile(50) / 1e3,
            all.getValueAtPercentile(99) / 1e3,
            answered == 0 ? 0 : (double) failed / answered);
  }
}
