package io.mayfly.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The one place in which tests wait: for an event, within a limit. */
public final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final long POLL_MILLIS = 10;

  private Await() {}

  /** Waits until the condition holds; fails when it does not within 15 s. */
  public static void until(String what, Callable<Boolean> condition) {
    until(what, LIMIT, condition);
  }

  /** Waits until the condition holds; fails when it does not within the limit. */
  public static void until(String what, Duration limit, Callable<Boolean> condition) {
    long startNanos = System.nanoTime();
    while (!holds(condition)) {
      if (System.nanoTime() - startNanos > limit.toNanos()) {
        throw new AssertionError("not within " + limit + ": " + what);
      }
      poll();
    }
  }

  /** Waits until a clock shows the instant or a later one. */
  public static void instant(InstantSource clock, Instant instant) {
    Duration left = Duration.between(clock.instant(), instant);
    until("clock at " + instant, left.plusSeconds(5), () -> !clock.instant().isBefore(instant));
  }

  private static boolean holds(Callable<Boolean> condition) {
    try {
      return condition.call();
    } catch (Exception e) {
      throw new AssertionError("condition failed", e);
    }
  }

  private static void poll() {
    try {
      boolean never = new CountDownLatch(1).await(POLL_MILLIS, TimeUnit.MILLISECONDS);
      if (never) {
        throw new AssertionError("nobody counts down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
