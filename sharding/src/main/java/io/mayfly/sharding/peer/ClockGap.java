package io.mayfly.sharding.peer;

import io.mayfly.protocol.time.SteadyClock;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How far the clock of another node is ahead of this one's: at least by as much as its requests
 * come before they were sent. Used by one thread at a time.
 */
final class ClockGap {
  /** The largest difference that is not worth a word. */
  static final Duration TOLERATED = SteadyClock.STEP;

  /** How long nothing is said after a word. */
  static final Duration SILENCE = Duration.ofMinutes(1);

  private final InstantSource clock;
  private long silentUntilMillis = Long.MIN_VALUE;

  /** No request has come yet. */
  ClockGap(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * By how many milliseconds the other clock is ahead at least, if that is to be told now; or 0.
   */
  long toTellMillis(long sentMillis) {
    long nowMillis = clock.millis();
    long ahead = sentMillis - nowMillis;
    if (ahead <= TOLERATED.toMillis() || nowMillis < silentUntilMillis) {
      return 0;
    }
    silentUntilMillis = nowMillis + SILENCE.toMillis();
    return ahead;
  }
}
