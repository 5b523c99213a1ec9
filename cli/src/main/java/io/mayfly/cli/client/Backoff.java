package io.mayfly.cli.client;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before the next attempt: exponential, with full jitter, and never less than the
 * server asked for.
 *
 * @param first the longest wait before the second attempt
 * @param longest the longest wait of all
 */
public record Backoff(Duration first, Duration longest, RandomGenerator random) {
  private static final int DOUBLINGS_MAX = 20;

  /** The usual one. */
  public static Backoff usual() {
    return new Backoff(
        Duration.ofMillis(200), Duration.ofSeconds(5), new java.util.SplittableRandom());
  }

  /**
   * The wait after an attempt.
   *
   * @param failed how many attempts have failed, from 1
   * @param asked the least wait that the server asked for
   */
  public Duration after(int failed, @Nullable Duration asked) {
    long ceiling = first.toNanos() << Math.min(failed - 1, DOUBLINGS_MAX);
    long bound = Math.min(Math.max(ceiling, 1), longest.toNanos());
    Duration jitter = Duration.ofNanos(random.nextLong(bound));
    return asked == null ? jitter : asked.plus(jitter);
  }
}
