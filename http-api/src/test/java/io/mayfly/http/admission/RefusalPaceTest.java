package io.mayfly.http.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How fast refusals go out. */
final class RefusalPaceTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private static RefusalPace pace(int waitingMax) {
    return new RefusalPace(
        new AdmissionSettings(1, 1, 0, 1000, Duration.ofMillis(50), waitingMax), 0);
  }

  @Test
  void refusals_beyondTheBurst_areSpread() {
    RefusalPace pace = pace(1000);

    for (int i = 0; i < 101; i++) {
      assertThat(pace.waitNanos(0)).isZero();
    }
    assertThat(pace.waitNanos(0)).isEqualTo(MILLI);
    assertThat(pace.waitNanos(0)).isEqualTo(2 * MILLI);
    assertThat(pace.waitNanos(10 * MILLI)).isZero();
  }

  @Test
  void refusals_ofAFlood_waitNoLongerThanTheMost() {
    RefusalPace pace = pace(1000);

    long longest = 0;
    for (int i = 0; i < 900; i++) {
      longest = Math.max(longest, pace.waitNanos(0));
    }

    assertThat(longest).isEqualTo(50 * MILLI);
    assertThat(pace.waitNanos(200 * MILLI)).isZero();
  }

  @Test
  void refusals_beyondThoseThatMayWait_goOutAtOnce() {
    RefusalPace pace = pace(1);
    for (int i = 0; i < 101; i++) {
      pace.waitNanos(0);
    }

    assertThat(pace.waitNanos(0)).isPositive();
    assertThat(pace.waitNanos(0)).isZero();
    pace.done();
    assertThat(pace.waitNanos(0)).isPositive();
  }
}
