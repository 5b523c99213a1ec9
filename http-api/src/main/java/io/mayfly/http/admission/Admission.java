package io.mayfly.http.admission;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.VegasLimit;
import com.netflix.concurrency.limits.limit.WindowedLimit;
import io.mayfly.protocol.pressure.Fill;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests the node works on at once.
 *
 * <p>The limit follows TCP Vegas: the time that answers take, against the shortest seen, tells how
 * many of the requests in flight only wait. While fewer wait than {@code queue-max}, the limit
 * rises; when more do, it falls. So a slow disk with much to gain from company gets a high limit,
 * and a busy processor does not collect a queue. The limit never falls below {@code queue-max},
 * since what waits can be no more than what is in flight.
 *
 * <p>Invariant: what has entered leaves exactly once.
 */
public final class Admission {
  private static final int WINDOW_MILLIS_MIN = 100;
  private static final int WINDOW_MILLIS_MAX = 1000;
  private static final int WINDOW_SAMPLES_MIN = 10;
  private static final double FALL = 0.9;
  private static final int STEPS = 16;

  private final AdmissionSettings settings;
  private final Limit limit;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();

  /** A door with nobody in. */
  public Admission(AdmissionSettings settings) {
    this.settings = settings;
    int queueMax = settings.queueMax();
    this.limit =
        new WindowedLimit.Builder()
            .minWindowTime(WINDOW_MILLIS_MIN, TimeUnit.MILLISECONDS)
            .maxWindowTime(WINDOW_MILLIS_MAX, TimeUnit.MILLISECONDS)
            .windowSize(WINDOW_SAMPLES_MIN)
            .minRttThreshold(0, TimeUnit.NANOSECONDS)
            .build(
                VegasLimit.newBuilder()
                    .initialLimit(Math.min(2 * queueMax, settings.inFlightMax()))
                    .maxConcurrency(settings.inFlightMax())
                    .thresholdFunction(any -> 0)
                    .alphaFunction(any -> queueMax * 3 / 4)
                    .betaFunction(any -> queueMax)
                    .increaseFunction(now -> now + Math.max(1, queueMax / STEPS))
                    .decreaseFunction(now -> Math.max(queueMax, now * FALL))
                    .build());
  }

  /** Takes a place when there is one for this urgency. */
  public boolean enter(Urgency urgency) {
    if (inFlight.incrementAndGet() > places(urgency)) {
      inFlight.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Whether a request that comes now finds a place. */
  public boolean hasRoom(Urgency urgency) {
    return inFlight.get() < places(urgency);
  }

  /** Gives a place back, and nothing is learnt from it. */
  public void leave() {
    inFlight.decrementAndGet();
  }

  /** Gives a place back after work from which the limit learns. */
  public void leave(long beganNanos, long tookNanos) {
    limit.onSample(beganNanos, Math.max(1, tookNanos), inFlight.get(), false);
    leave();
  }

  /**
   * Takes a place for a body that arrives, or for a stream: their client decides how long they
   * last, so they are bounded by {@code in-flight-max} alone.
   */
  public boolean hold() {
    if (held.incrementAndGet() > settings.inFlightMax()) {
      held.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Gives such a place back. */
  public void release() {
    held.decrementAndGet();
  }

  /** The requests in flight, and the most of them. */
  public Fill fill() {
    return new Fill(inFlight.get(), limit());
  }

  /** Bodies that arrive and streams, and their bound. */
  public Fill holding() {
    return new Fill(held.get(), settings.inFlightMax());
  }

  private int places(Urgency urgency) {
    return urgency.placesOf(limit(), settings.reserve());
  }

  private int limit() {
    return Math.min(limit.getLimit(), settings.inFlightMax());
  }
}
