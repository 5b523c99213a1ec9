package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RestTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Duration WORKED = Duration.ofMillis(10);

  private final Rest rest = new Rest(0.1);

  @Test
  void work_isFollowedByARestThatKeepsTheShare() {
    rest.begin(NOW, WORKED);

    assertThat(rest.left(NOW)).isEqualTo(Duration.ofMillis(90));
    assertThat(rest.left(NOW.plusMillis(40))).isEqualTo(Duration.ofMillis(50));
    assertThat(rest.left(NOW.plusMillis(91))).isZero();
  }

  @Test
  void wholeCore_needsNoRest() {
    Rest none = new Rest(1);

    none.begin(NOW, WORKED);

    assertThat(none.left(NOW)).isZero();
  }

  @Test
  void restThatLastedTooLong_isTakenOffTheNext() {
    rest.begin(NOW, WORKED);
    rest.end(NOW.plusMillis(97));

    rest.begin(NOW.plusMillis(107), WORKED);

    assertThat(rest.left(NOW.plusMillis(107))).isEqualTo(Duration.ofMillis(83));
  }

  @Test
  void longPause_isFollowedByNoBurst() {
    rest.begin(NOW, WORKED);
    rest.end(NOW.plusSeconds(60));

    rest.begin(NOW.plusSeconds(61), WORKED);

    assertThat(rest.left(NOW.plusSeconds(61)))
        .isEqualTo(Duration.ofMillis(90).minus(Rest.OVERRUN_MAX));
  }

  @Test
  void manyLateTimers_keepTheShareAllTheSame() {
    Instant now = NOW;
    for (int i = 0; i < 1_000; i++) {
      now = now.plus(WORKED);
      rest.begin(now, WORKED);
      now = now.plus(rest.left(now)).plusMillis(i % 12);
      rest.end(now);
    }

    assertThat(Duration.between(NOW, now))
        .isBetween(Duration.ofSeconds(100), Duration.ofMillis(100_020));
  }
}
