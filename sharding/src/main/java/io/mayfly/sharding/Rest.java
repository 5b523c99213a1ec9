package io.mayfly.sharding;

import java.time.Duration;
import java.time.Instant;

/**
 * The rest that follows each stretch of work, so that over time a share of a core is kept. A rest
 * that lasted longer than it should is taken off the next: timers ring late.
 */
final class Rest {
  /** The most that is taken off, so that no burst follows a long pause. */
  static final Duration OVERRUN_MAX = Duration.ofMillis(20);

  private final double share;
  private Instant until = Instant.EPOCH;
  private Duration overrun = Duration.ZERO;

  /**
   * A rest that has not begun.
   *
   * @param share of a core, above 0, at most 1
   */
  Rest(double share) {
    this.share = share;
  }

  /** Forgets how long the last one was. */
  void reset() {
    overrun = Duration.ZERO;
  }

  /** Work has ended, and the rest begins. */
  void begin(Instant now, Duration worked) {
    until = now.plusNanos((long) (worked.toNanos() * (1 / share - 1))).minus(overrun);
  }

  /** How much of the rest is left; zero when it is over. */
  Duration left(Instant now) {
    return now.isBefore(until) ? Duration.between(now, until) : Duration.ZERO;
  }

  /** The rest is over, and work goes on. */
  void end(Instant now) {
    Duration late = now.isAfter(until) ? Duration.between(until, now) : Duration.ZERO;
    overrun = late.compareTo(OVERRUN_MAX) < 0 ? late : OVERRUN_MAX;
  }
}
