package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many requests a rate admits. The clock is an argument, and may be negative. */
final class RateTest {
  private static final long SECOND = 1_000_000_000L;

  private static int admitted(Rate rate, long nowNanos) {
    int admitted = 0;
    while (rate.waitNanos(nowNanos) == 0) {
      admitted++;
    }
    return admitted;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 1_000})
  void burst_atOneInstant_isASecondsWorth(int perSecond) {
    Rate rate = new Rate(perSecond, -5 * SECOND);

    assertThat(admitted(rate, -5 * SECOND)).isEqualTo(perSecond);
    assertThat(admitted(rate, -4 * SECOND)).isEqualTo(perSecond);
  }

  @Test
  void idleness_savesUpNoMoreThanASecond() {
    Rate rate = new Rate(10, 0);

    assertThat(admitted(rate, 100 * SECOND)).isEqualTo(10);
  }

  @Test
  void wait_afterItsEnd_isAdmitted() {
    Rate rate = new Rate(10, 0);
    admitted(rate, 0);

    long waitNanos = rate.waitNanos(0);

    assertThat(waitNanos).isEqualTo(SECOND / 10);
    assertThat(rate.waitNanos(waitNanos - 1)).isEqualTo(1);
    assertThat(rate.waitNanos(waitNanos)).isZero();
  }
}
