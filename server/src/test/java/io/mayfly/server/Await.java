package io.mayfly.server;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The one place in which these tests wait: for an event, within a limit. */
final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final long POLL_MILLIS = 10;

  private Await() {}

  /** Waits until the condition holds; fails when it does not within the limit. */
  static void until(String what, BooleanSupplier condition) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startNanos > LIMIT.toNanos()) {
        throw new AssertionError("not within " + LIMIT + ": " + what);
      }
      poll();
    }
  }

  private static void poll() {
    try {
      if (new CountDownLatch(1).await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody counts down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
