package io.mayfly.actors.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PaceTest {
  @Test
  void slots_ofABurst_followOneAnotherAtThePace() {
    Pace pace = new Pace(10);

    List<Long> slots = IntStream.range(0, 4).mapToObj(i -> pace.reserveMillis(5_000)).toList();

    assertThat(slots).containsExactly(5_000L, 5_100L, 5_200L, 5_300L);
  }

  @Test
  void slots_withinTheGrainOfTimers_areFreeAtOnce() {
    Pace pace = new Pace(1000);

    long atOnce = IntStream.range(0, 100).filter(i -> pace.reserveMillis(5_000) == 5_000).count();

    assertThat(atOnce).isEqualTo(11);
  }

  @Test
  void timeWithoutWork_savesUpNoSlots() {
    Pace pace = new Pace(10);
    pace.reserveMillis(0);

    assertThat(pace.reserveMillis(60_000)).isEqualTo(60_000);
    assertThat(pace.reserveMillis(60_000)).isEqualTo(60_100);
  }

  @Test
  void pace_outsideItsBounds_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Pace(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Pace(1_000_001));
  }
}
