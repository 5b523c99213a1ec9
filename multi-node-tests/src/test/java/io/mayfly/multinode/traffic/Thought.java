package io.mayfly.multinode.traffic;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a client waits before it asks again, so that a node that starts on the same cores has
 * its share of them: as long as its last request took, and for {@link #MAX} after one that came to
 * nothing, which is much shorter than any {@code Retry-After} asks for.
 */
public final class Thought {
  private static final Duration MAX = Duration.ofMillis(50);

  private Thought() {}

  /**
   * Waits.
   *
   * @param calledNanos when the last request was sent
   * @param fruitful false when it came to nothing
   */
  public static void after(long calledNanos, boolean fruitful) {
    long most = MAX.toNanos();
    LockSupport.parkNanos(fruitful ? Math.min(System.nanoTime() - calledNanos, most) : most);
  }
}
