package io.mayfly.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class PairedRatioTest {
  @Test
  void ratio_ofFiguresThatMoveTogether_isExact() {
    PairedRatio ratio = PairedRatio.of(new double[] {10, 20, 40}, new double[] {20, 40, 80});

    assertThat(ratio).hasToString("0.50 (0.50-0.50)");
  }

  @Test
  void interval_isThatOfStudent() {
    PairedRatio ratio = PairedRatio.of(new double[] {9, 10, 11}, new double[] {10, 10, 10});

    assertThat(ratio.median()).isEqualTo(1.0);
    assertThat(ratio.low()).isCloseTo(0.777, within(0.001));
    assertThat(ratio.high()).isCloseTo(1.279, within(0.001));
  }

  @Test
  void oneRepetition_hasNoInterval() {
    assertThat(PairedRatio.of(new double[] {3}, new double[] {4})).hasToString("0.75");
  }
}
