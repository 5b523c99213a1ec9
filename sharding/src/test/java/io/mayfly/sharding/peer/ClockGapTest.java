package io.mayfly.sharding.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ClockGapTest {
  private static final long START = 1_800_000_000_000L;

  private Instant now = Instant.ofEpochMilli(START);
  private final ClockGap gap = new ClockGap(() -> now);

  @Test
  void requestsThatTookTheirTime_tellNothing() {
    assertThat(gap.toTellMillis(START)).isZero();
    assertThat(gap.toTellMillis(START - 60_000)).isZero();
    assertThat(gap.toTellMillis(START + ClockGap.TOLERATED.toMillis())).isZero();
  }

  @Test
  void requestsFromTheFuture_areToldOnceInAWhile() {
    assertThat(gap.toTellMillis(START + 3_000)).isEqualTo(3_000);
    now = now.plus(ClockGap.SILENCE).minusMillis(1);
    assertThat(gap.toTellMillis(now.toEpochMilli() + 4_000)).isZero();
    now = now.plusMillis(1);

    assertThat(gap.toTellMillis(now.toEpochMilli() + 5_000)).isEqualTo(5_000);
  }
}
