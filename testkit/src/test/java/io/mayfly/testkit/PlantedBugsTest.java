package io.mayfly.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.entry.EntryBugs;
import io.mayfly.actors.lease.LeaseBugs;
import io.mayfly.sharding.SweeperBugs;
import io.mayfly.testkit.planted.PlantedBug;
import io.mayfly.testkit.sim.StoreBugs;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A simulation that finds nothing is worth as much as what it would have found. */
final class PlantedBugsTest {
  private static final int SEEDS = 1_000;

  static List<PlantedBug> bugs() {
    return Stream.of(EntryBugs.all(), LeaseBugs.all(), SweeperBugs.all(), StoreBugs.all())
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void bug_isFound(PlantedBug bug) {
    Outcome outcome = bug.planted(PlantedBugsTest::firstBad);

    System.out.printf(
        "PlantedBugsTest: %s: seed %d: %s%n", bug, outcome.seed(), outcome.violations());
    assertThat(outcome.violations()).anyMatch(broken -> broken.startsWith(bug.breaks()));
  }

  private static Outcome firstBad() {
    long seed = 1;
    Outcome outcome = SimulationTest.everything().run(seed);
    while (outcome.good() && seed < SEEDS) {
      seed++;
      outcome = SimulationTest.everything().run(seed);
    }
    return outcome;
  }
}
