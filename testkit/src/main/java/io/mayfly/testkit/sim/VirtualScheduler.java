package io.mayfly.testkit.sim;

import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.SchedulerTask;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * Pekko's scheduler in virtual time. It is the first part of an actor system that Pekko makes, so
 * it brings the {@link Agenda} of the run along.
 */
public final class VirtualScheduler extends AbstractScheduler {
  private static final long MILLI = 1_000_000;
  private static final long BACKOFF_MIN = 200 * MILLI;
  private static final long BACKOFF_MAX = 5_000 * MILLI;

  private final Agenda agenda;

  /** Called by Pekko. */
  public VirtualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    this.agenda = new Agenda(config.getLong("mayfly.simulation.seed"));
  }

  Agenda agenda() {
    return agenda;
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester")
  public Cancellable schedule(
      FiniteDuration initialDelay,
      FiniteDuration interval,
      Runnable task,
      ExecutionContext executor) {
    return scheduleWithFixedDelay(initialDelay, interval, task, executor);
  }

  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
    Agenda.Timer timer = agenda.in(seeded(delay.toNanos()), task);
    return new Cancellable() {
      @Override
      public boolean cancel() {
        boolean first = timer.cancel();
        if (first && task instanceof SchedulerTask told) {
          told.cancelled();
        }
        return first;
      }

      @Override
      public boolean isCancelled() {
        return timer.cancelled();
      }
    };
  }

  /**
   * Restarts with back-off are spread by Pekko with a generator that has no seed. They alone have a
   * delay that is no whole number of milliseconds, and are spread anew from the seed.
   */
  private long seeded(long delayNanos) {
    if (delayNanos % MILLI == 0) {
      return delayNanos;
    }
    long step = BACKOFF_MIN;
    while (step * 2 <= delayNanos && step < BACKOFF_MAX) {
      step *= 2;
    }
    long base = delayNanos >= BACKOFF_MAX ? BACKOFF_MAX : step;
    return base + agenda.dice().between(0, base / 5 / MILLI) * MILLI;
  }

  @Override
  public double maxFrequency() {
    return 1_000;
  }
}
