package io.mayfly.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.testkit.sim.Dice;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The real actors under every fault that is simulated. */
final class SimulationTest {
  private static final int SEEDS = 200;
  private static final int SESSIONS = 1_000;
  private static final int SESSION_SEEDS = 10;

  static Simulation everything() {
    Contract.Lifetime short1 =
        new Contract.Lifetime(
            Duration.ofSeconds(20),
            Duration.ofMillis(10),
            Duration.ofMinutes(5),
            Renewal.RENEWABLE,
            Duration.ofMinutes(10),
            Duration.ofSeconds(30));
    Contract.Lifetime sliding =
        new Contract.Lifetime(
            Duration.ofSeconds(8),
            Duration.ofMillis(10),
            Duration.ofMinutes(5),
            Renewal.SLIDING,
            Duration.ofMinutes(1),
            Duration.ofSeconds(20));
    Contract standing = Contract.STANDARD.with(short1);
    Contract remembering = standing.with(new Contract.History(2));
    return Simulation.create()
        .contract("plain", Contract.STANDARD.with(short1))
        .contract("sliding", Contract.STANDARD.with(sliding))
        .contract("memory", Contract.STANDARD.with(short1).with(Durability.VOLATILE))
        .contract("count", Contract.STANDARD.with(short1))
        .contract("agreed", standing)
        .contract("locks", Contract.STANDARD.with(short1))
        .clients(2, Behaviours.registers("plain", 4))
        .clients(1, Behaviours.registers("sliding", 2))
        .clients(1, Behaviours.registers("memory", 2))
        .clients(1, Behaviours.counters("count", 2))
        .clients(1, Behaviours.swaps("plain", 2))
        .clients(1, Behaviours.registers("agreed", 2))
        .clients(1, Behaviours.agreements("agreed", List.of(standing, remembering)))
        .clients(2, Behaviours.locks("locks", 1))
        .clients(2, Behaviours.fenced("locks"))
        .faults(6, EnumSet.allOf(Fault.Kind.class));
  }

  /** Sessions as services have them: many keys, each asked every few minutes. */
  static Simulation sessions() {
    return Simulation.create()
        .contract("sessions", Contract.STANDARD)
        .clients(20, Behaviours.registers("sessions", SESSIONS))
        .faults(3, EnumSet.allOf(Fault.Kind.class))
        .pause(Duration.ofSeconds(5))
        .lasting(Duration.ofMinutes(20));
  }

  @Test
  void everything_underManySeeds_keepsEveryGuarantee() {
    long before = cpuNanos();

    List<Outcome> outcomes = everything().check(SEEDS);

    tell("everything", outcomes, 15, before);
    assertThat(outcomes).allMatch(outcome -> !outcome.ends().isEmpty());
  }

  @Test
  void sessions_keepEveryGuarantee() {
    long before = cpuNanos();

    List<Outcome> outcomes = sessions().check(SESSION_SEEDS);

    tell("sessions", outcomes, SESSIONS, before);
    assertThat(outcomes).allMatch(outcome -> !outcome.ends().isEmpty());
  }

  private static void tell(String what, List<Outcome> outcomes, int keys, long beforeNanos) {
    double cpuSeconds = (cpuNanos() - beforeNanos) / 1e9;
    double hours = outcomes.stream().mapToLong(o -> o.virtual().toMillis()).sum() / 3_600_000.0;
    System.out.printf(
        Locale.ROOT,
        "SimulationTest: %s: %d seeds, %d steps, %d answers, %d ends in %.1f CPU s;"
            + " %.0f key-hours per CPU s%n",
        what,
        outcomes.size(),
        outcomes.stream().mapToLong(Outcome::steps).sum(),
        outcomes.stream().flatMap(o -> o.answers().values().stream()).mapToLong(i -> i).sum(),
        outcomes.stream().mapToLong(o -> o.ends().size()).sum(),
        cpuSeconds,
        hours * keys / cpuSeconds);
  }

  @Test
  void clientsOwnAssertion_failsTheRun() {
    Behaviour doubting =
        new Behaviour() {
          @Override
          public Act next(Dice dice, long number) {
            return Entry.of("plain/a").put("1");
          }

          @Override
          public void heard(Act act, @Nullable Object reply) {
            throw new AssertionError("not what I expected");
          }
        };

    Outcome outcome = Simulation.create().clients(1, () -> doubting).run(1);

    assertThat(outcome.violations()).singleElement().asString().contains("not what I expected");
  }

  @Test
  void contract_thatBreaksTheRules_isRefused() {
    assertThatThrownBy(() -> Simulation.create().contract("n", "{\"lifetime\": {\"min\": \"8d\"}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lifetime");
  }

  @Test
  void sameSeed_twice_isTheSameRun() {
    int seeds = Integer.getInteger("mayfly.pairs", 25);
    long all = 0;
    for (long seed = 1; seed <= seeds; seed++) {
      Outcome first = everything().run(seed);
      Outcome second = everything().run(seed);

      assertThat(second.hash()).as("seed %d", seed).isEqualTo(first.hash());
      assertThat(second.steps()).isEqualTo(first.steps());
      all = all * 31 + first.hash();
    }
    System.out.printf(
        Locale.ROOT,
        "SimulationTest: %d of %d seeds ran the same way twice on Java %d: %016x%n",
        seeds,
        seeds,
        Runtime.version().feature(),
        all);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
