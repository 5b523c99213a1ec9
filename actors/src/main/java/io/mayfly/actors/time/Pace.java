package io.mayfly.actors.time;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Spreads work that a clock starts, so that a million deadlines at one instant neither flood the
 * journal nor starve requests. One per node; a virtual schedule (the generic cell rate algorithm)
 * that hands out slots without a queue.
 */
public final class Pace {
  /** How far ahead of its slot work may be done: the grain of timers. */
  private static final long GRAIN_MICROS = 10_000;

  private final long intervalMicros;
  private final AtomicLong nextFreeMicros = new AtomicLong(Long.MIN_VALUE);

  /**
   * A pace of at most so many pieces of work a second.
   *
   * @param perSecond 1 to 1,000,000
   */
  public Pace(int perSecond) {
    if (perSecond < 1 || perSecond > 1_000_000) {
      throw new IllegalArgumentException(
          "pace: " + perSecond + " (expected: 1 to 1000000 a second)");
    }
    this.intervalMicros = 1_000_000L / perSecond;
  }

  /**
   * Takes the next free slot.
   *
   * @return the instant of the slot; at or before {@code nowMillis} when the work may be done now
   */
  public long reserveMillis(long nowMillis) {
    long nowMicros = nowMillis * 1000;
    long slotMicros =
        nextFreeMicros.getAndUpdate(free -> Math.max(free, nowMicros) + intervalMicros);
    return slotMicros <= nowMicros + GRAIN_MICROS ? nowMillis : slotMicros / 1000;
  }
}
