package io.mayfly.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.server.telemetry.Busiest.Turn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which names take the places of others. */
final class BusiestTest {
  private final Busiest busiest = new Busiest(4);

  private void use(String name, int times) {
    for (int i = 0; i < times; i++) {
      busiest.used(name);
    }
  }

  @Test
  void name_thatIsMoreThanTwiceAsBusy_takesThePlaceOfTheIdlest() {
    use("c", 21);

    assertThat(busiest.turn(Map.of("a", 100L, "b", 10L))).containsExactly(new Turn("b", "c"));
  }

  @Test
  void name_thatIsNotMoreThanTwiceAsBusy_waits() {
    use("c", 20);

    assertThat(busiest.turn(Map.of("a", 100L, "b", 10L))).isEmpty();
  }

  @Test
  void unusedPlace_goesToWhoeverWasUsedAtAll() {
    use("c", 1);

    assertThat(busiest.turn(Map.of("a", 0L))).containsExactly(new Turn("a", "c"));
  }

  @Test
  void busierNames_comeFirst() {
    use("c", 5);
    use("d", 50);
    use("e", 500);

    assertThat(busiest.turn(Map.of("a", 1L, "b", 2L)))
        .containsExactly(new Turn("a", "e"), new Turn("b", "d"));
  }

  @Test
  void window_beginsWithNothingCounted() {
    use("c", 100);
    busiest.turn(Map.of("a", 60L));

    assertThat(busiest.turn(Map.of("a", 0L))).isEmpty();
  }

  @Test
  void busyName_isFoundAmongAnyNumberOfOthers() {
    for (int i = 0; i < 10_000; i++) {
      busiest.used("rare-" + i);
      if (i % 2 == 0) {
        busiest.used("busy");
      }
    }

    List<Turn> turns = busiest.turn(Map.of("a", 10L));

    assertThat(turns).containsExactly(new Turn("a", "busy"));
  }

  /** The invariant of the count, against one that forgets nothing. */
  @Test
  void count_ofRandomUses_isNoMoreThanTheTruthAndMissesNoBusyName() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      Busiest counted = new Busiest(3);
      Map<String, Long> truth = new HashMap<>();
      int uses = 1 + random.nextInt(400);
      for (int i = 0; i < uses; i++) {
        String name = "n" + (int) Math.abs(random.nextGaussian() * 3);
        truth.merge(name, 1L, Long::sum);
        counted.used(name);
      }
      Map<String, Long> idle = new HashMap<>();
      for (int i = 0; i < 10; i++) {
        idle.put("idle-" + i, 0L);
      }

      List<String> in = counted.turn(idle).stream().map(Turn::in).toList();

      assertThat(in).as("seed %d", seed).hasSizeLessThanOrEqualTo(3).doesNotHaveDuplicates();
      truth.forEach(
          (name, count) -> {
            if (count * 4 > uses) {
              assertThat(in).as("seed %d: %s of %d", seed, truth, uses).contains(name);
            }
          });
      assertThat(truth.keySet()).as("seed %d", seed).containsAll(in);
    }
  }
}
