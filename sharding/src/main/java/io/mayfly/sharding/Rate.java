package io.mayfly.sharding;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Admits at most so many requests a second, in bursts of at most a second's worth: the generic cell
 * rate algorithm (ITU-T I.371), which needs one number and no timer.
 */
final class Rate {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final int perSecond;
  private final long intervalNanos;
  private final AtomicLong theoreticalArrivalNanos;

  Rate(int perSecond, long nowNanos) {
    this.perSecond = perSecond;
    this.intervalNanos = SECOND_NANOS / perSecond;
    this.theoreticalArrivalNanos = new AtomicLong(nowNanos);
  }

  int perSecond() {
    return perSecond;
  }

  /** How long the request must wait, in nanoseconds; 0 when it is admitted now. */
  long waitNanos(long nowNanos) {
    while (true) {
      long arrival = theoreticalArrivalNanos.get();
      long behind = arrival - nowNanos;
      long wait = behind + intervalNanos - SECOND_NANOS;
      if (wait > 0) {
        return wait;
      }
      long next = (behind > 0 ? arrival : nowNanos) + intervalNanos;
      if (theoreticalArrivalNanos.compareAndSet(arrival, next)) {
        return 0;
      }
    }
  }
}
