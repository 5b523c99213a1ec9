package io.mayfly.http.admission;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Holds overload refusals back when they come faster than a node can afford. A refusal costs a
 * third of an answer, and a client that is refused at once asks again at once: without a pace, a
 * node under a flood refuses and does nothing else.
 */
public final class RefusalPace {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int BURSTS_PER_SECOND = 10;

  private final long intervalNanos;
  private final long burstNanos;
  private final long waitNanosMax;
  private final int waitingMax;
  private final AtomicLong nextNanos;
  private final AtomicInteger waiting = new AtomicInteger();

  /** A pace at which nothing waits yet. */
  public RefusalPace(AdmissionSettings settings, long nowNanos) {
    this.intervalNanos = SECOND_NANOS / settings.refusalsPerSecond();
    this.burstNanos = SECOND_NANOS / BURSTS_PER_SECOND;
    this.waitNanosMax = settings.refusalWaitMax().toNanos();
    this.waitingMax = settings.refusalsWaitingMax();
    this.nextNanos = new AtomicLong(nowNanos - burstNanos);
  }

  /**
   * How long the next refusal is held back, in nanoseconds; 0 for not at all. One that is held back
   * counts as waiting until {@link #done()}.
   */
  public long waitNanos(long nowNanos) {
    while (true) {
      long next = nextNanos.get();
      long slot = Math.max(next, nowNanos - burstNanos);
      long wait = Math.min(slot - nowNanos, waitNanosMax);
      long after = Math.min(slot, nowNanos + waitNanosMax) + intervalNanos;
      if (nextNanos.compareAndSet(next, after)) {
        return wait > 0 && join() ? wait : 0;
      }
    }
  }

  private boolean join() {
    if (waiting.incrementAndGet() > waitingMax) {
      waiting.decrementAndGet();
      return false;
    }
    return true;
  }

  /** One that was held back has gone out. */
  public void done() {
    waiting.decrementAndGet();
  }
}
