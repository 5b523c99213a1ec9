package io.mayfly.protocol.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.time.SteadyClock.Finding;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SteadyClockTest {
  private static final long START = 1_800_000_000_000L;

  private long wallMillis = START;
  private long monotonicNanos = -5_000_000_000L;
  private long suspendedMillis;
  private final SteadyClock clock = new SteadyClock(this::readWall, () -> monotonicNanos);

  @Test
  void time_thatPassesOnBothClocks_isCounted() {
    pass(1234);

    assertThat(clock.millis()).isEqualTo(START + 1234);
    assertThat(clock.instant()).isEqualTo(Instant.ofEpochMilli(START + 1234));
    assertThat(clock.follow()).isEqualTo(Finding.AGREES);
  }

  @Test
  void wallClock_thatSlewsALittle_isFollowedAtOnce() {
    wallMillis += SteadyClock.STEP.toMillis();
    assertThat(clock.millis()).isEqualTo(START);

    Finding forward = clock.follow();
    long ahead = clock.millis();
    wallMillis -= 300;
    Finding backward = clock.follow();

    assertThat(forward).isEqualTo(Finding.AGREES);
    assertThat(ahead).isEqualTo(START + 500);
    assertThat(backward).isEqualTo(Finding.AGREES);
    assertThat(clock.millis()).isEqualTo(START + 200);
  }

  @Test
  void stepForward_isDoubtedUntilItHasStoodLongEnough() {
    wallMillis += 3_600_000;

    assertThat(clock.follow()).isEqualTo(Finding.DOUBTS);
    pass(4_999);
    assertThat(clock.follow()).isEqualTo(Finding.DOUBTS);
    assertThat(clock.millis()).isEqualTo(START + 4_999);
    pass(1);
    assertThat(clock.follow()).isEqualTo(Finding.STEPPED);
    assertThat(clock.millis()).isEqualTo(START + 3_600_000 + 5_000);
    assertThat(clock.follow()).isEqualTo(Finding.AGREES);
  }

  @Test
  void stepBackward_isDoubtedUntilItHasStoodLongEnough() {
    wallMillis -= 3_600_000;

    assertThat(clock.follow()).isEqualTo(Finding.DOUBTS);
    assertThat(clock.millis()).isEqualTo(START);
    pass(5_000);
    assertThat(clock.follow()).isEqualTo(Finding.STEPPED);
    assertThat(clock.millis()).isEqualTo(START - 3_600_000 + 5_000);
  }

  @Test
  void step_thatIsTakenBack_neverReachesTheClock() {
    wallMillis += 3_600_000;
    assertThat(clock.follow()).isEqualTo(Finding.DOUBTS);
    pass(4_000);
    wallMillis -= 3_600_000;

    assertThat(clock.follow()).isEqualTo(Finding.AGREES);
    assertThat(clock.millis()).isEqualTo(START + 4_000);
  }

  @Test
  void step_thatComesAgain_isDoubtedFromTheBeginning() {
    wallMillis += 3_600_000;
    clock.follow();
    pass(4_000);
    wallMillis -= 3_600_000;
    clock.follow();

    wallMillis += 3_600_000;
    assertThat(clock.follow()).isEqualTo(Finding.DOUBTS);
    pass(4_000);
    assertThat(clock.follow()).isEqualTo(Finding.DOUBTS);
    pass(1_000);
    assertThat(clock.follow()).isEqualTo(Finding.STEPPED);
  }

  @Test
  void step_thatIsFollowedByAnother_isDoubtedAnew() {
    wallMillis += 3_600_000;
    clock.follow();
    pass(4_000);
    wallMillis += 3_600_000;

    assertThat(clock.follow()).isEqualTo(Finding.DOUBTS);
    pass(4_999);
    assertThat(clock.follow()).isEqualTo(Finding.DOUBTS);
    pass(1);
    assertThat(clock.follow()).isEqualTo(Finding.STEPPED);
    assertThat(clock.millis()).isEqualTo(wallMillis);
  }

  @Test
  void timeBetweenTwoComparisons_neverRunsBackwards() {
    long before = clock.millis();
    for (int i = 0; i < 100; i++) {
      wallMillis -= 10_000;
      monotonicNanos += 333_333;
      long now = clock.millis();
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
    }
  }

  @Test
  void threadSuspended_afterItReadTheWallClock_readsAnew() {
    pass(1_000);
    suspendedMillis = 40;

    assertThat(clock.follow()).isEqualTo(Finding.AGREES);

    assertThat(clock.millis()).isEqualTo(START + 1_040).isEqualTo(wallMillis);
  }

  @Test
  void threadSuspended_inEachReading_isOffByTheShortestPause() {
    Iterator<Long> pauses = List.of(40L, 30L, 5L, 40L, 30L, 20L, 10L, 40L).iterator();
    SteadyClock slow =
        new SteadyClock(
            () -> {
              pass(pauses.next());
              return wallMillis;
            },
            () -> monotonicNanos);

    assertThat(slow.millis()).isEqualTo(wallMillis + 5);
  }

  private long readWall() {
    long read = wallMillis;
    pass(suspendedMillis);
    suspendedMillis = 0;
    return read;
  }

  private void pass(long millis) {
    wallMillis += millis;
    monotonicNanos += millis * 1_000_000;
  }
}
