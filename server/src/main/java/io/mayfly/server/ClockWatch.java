package io.mayfly.server;

import io.mayfly.protocol.time.SteadyClock;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the clock follow the machine's, and tells an operator of steps. */
final class ClockWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private SteadyClock.Finding last = SteadyClock.Finding.AGREES;
  private final SteadyClock clock;

  private ClockWatch(SteadyClock clock) {
    this.clock = clock;
  }

  static void start(SteadyClock clock, ActorSystem<?> system) {
    ClockWatch watch = new ClockWatch(clock);
    var unused =
        system
            .scheduler()
            .scheduleWithFixedDelay(INTERVAL, INTERVAL, watch::look, system.executionContext());
  }

  private void look() {
    SteadyClock.Finding finding = clock.follow();
    if (finding == last) {
      return;
    }
    switch (finding) {
      case DOUBTS ->
          LOG.warn(
              "the machine's clock stepped; deadlines keep the old time until the new one has"
                  + " stood for {}",
              SteadyClock.CONFIRMATION);
      case STEPPED -> LOG.warn("the machine's new time is taken over: {}", clock.instant());
      case AGREES -> LOG.info("the machine's clock and the deadlines' clock agree");
    }
    last = finding;
  }
}
