package io.mayfly.cli.client;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** When something must be over, on the monotonic clock. */
public record Deadline(long nanos) {
  /** A deadline from now. */
  public static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** What is left; negative when it is over. */
  public Duration left() {
    return Duration.ofNanos(nanos - System.nanoTime());
  }

  /** Whether it is over. */
  public boolean over() {
    return nanos - System.nanoTime() <= 0;
  }

  /** Waits. */
  public static void pause(Duration duration) throws InterruptedException {
    boolean never = new Semaphore(0).tryAcquire(duration.toNanos(), TimeUnit.NANOSECONDS);
    if (never) {
      throw new IllegalStateException("nobody releases");
    }
  }
}
