package io.mayfly.protocol.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The one clock: wall time in whole milliseconds that follows the machine's clock but does not jump
 * with it.
 *
 * <p>Deadlines are absolute, so a wall clock that steps forward would end keys early. This clock
 * counts on the monotonic timer and compares itself with the wall clock at each {@link #follow()}.
 * A small difference is taken over at once. A large one is a step: it is taken over only after it
 * has stood for {@link #CONFIRMATION}, so that a step that is taken back ends nothing.
 *
 * <p>A thread that is suspended between its readings of the two clocks would take the pause for a
 * difference. So the wall clock is read between two readings of the timer, and of some such
 * readings the one that took least counts, as in RFC 5905, section 10.
 *
 * <p>Invariant: between two calls of {@link #follow()} time never runs backwards.
 */
public final class SteadyClock implements InstantSource {
  /** The largest difference from the wall clock that is no step. */
  public static final Duration STEP = Duration.ofMillis(500);

  /** How long a step must stand before it is believed. */
  public static final Duration CONFIRMATION = Duration.ofSeconds(5);

  private static final int READINGS_MAX = 8;
  private static final long READING_NANOS_MAX = 100_000;

  /** What {@link #follow()} found. */
  public enum Finding {
    /** The wall clock agrees. */
    AGREES,
    /** The wall clock stepped; this clock waits whether it stays. */
    DOUBTS,
    /** The step has stood long enough; this clock took it over. */
    STEPPED
  }

  private final LongSupplier wallMillis;
  private final LongSupplier monotonicNanos;
  private final AtomicLong offsetMillis = new AtomicLong();
  private long doubtedSinceNanos;
  private long doubtedOffsetMillis;
  private boolean doubting;

  /** A clock on the machine's own two. */
  public static SteadyClock system() {
    return new SteadyClock(System::currentTimeMillis, System::nanoTime);
  }

  /**
   * A clock on two others.
   *
   * @param wallMillis which may step
   * @param monotonicNanos which never does
   */
  public SteadyClock(LongSupplier wallMillis, LongSupplier monotonicNanos) {
    this.wallMillis = wallMillis;
    this.monotonicNanos = monotonicNanos;
    offsetMillis.set(measuredOffsetMillis());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return monotonicMillis() + offsetMillis.get();
  }

  /** Compares with the wall clock. To be called about every second, by one thread at a time. */
  public synchronized Finding follow() {
    long offset = measuredOffsetMillis();
    if (Math.abs(offset - offsetMillis.get()) <= STEP.toMillis()) {
      doubting = false;
      offsetMillis.set(offset);
      return Finding.AGREES;
    }
    if (!doubting || Math.abs(offset - doubtedOffsetMillis) > STEP.toMillis()) {
      doubting = true;
      doubtedOffsetMillis = offset;
      doubtedSinceNanos = monotonicNanos.getAsLong();
      return Finding.DOUBTS;
    }
    if (monotonicNanos.getAsLong() - doubtedSinceNanos < CONFIRMATION.toNanos()) {
      return Finding.DOUBTS;
    }
    doubting = false;
    offsetMillis.set(offset);
    return Finding.STEPPED;
  }

  private long measuredOffsetMillis() {
    long offset = 0;
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < READINGS_MAX && shortest > READING_NANOS_MAX; i++) {
      long before = monotonicNanos.getAsLong();
      long wall = wallMillis.getAsLong();
      long took = monotonicNanos.getAsLong() - before;
      if (took < shortest) {
        shortest = took;
        offset = wall - toMillis(before);
      }
    }
    return offset;
  }

  private long monotonicMillis() {
    return toMillis(monotonicNanos.getAsLong());
  }

  private static long toMillis(long nanos) {
    return Math.floorDiv(nanos, 1_000_000L);
  }
}
