package io.mayfly.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Renewal;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The real actors under every fault that is simulated. */
final class SimulationTest {
  private static final int SEEDS = 200;

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
    return Simulation.create()
        .contract("plain", Contract.STANDARD.with(short1))
        .contract("sliding", Contract.STANDARD.with(sliding))
        .contract("memory", Contract.STANDARD.with(short1).with(Durability.VOLATILE))
        .contract("count", Contract.STANDARD.with(short1))
        .contract("locks", Contract.STANDARD.with(short1))
        .clients(2, Behaviours.registers("plain", 4))
        .clients(1, Behaviours.registers("sliding", 2))
        .clients(1, Behaviours.registers("memory", 2))
        .clients(1, Behaviours.counters("count", 2))
        .clients(1, Behaviours.swaps("plain", 2))
        .clients(2, Behaviours.locks("locks", 1))
        .clients(2, Behaviours.fenced("locks"))
        .faults(6, EnumSet.allOf(Fault.Kind.class));
  }

  @Test
  void everything_underManySeeds_keepsEveryGuarantee() {
    long before = cpuNanos();

    List<Outcome> outcomes = everything().check(SEEDS);

    double cpuSeconds = (cpuNanos() - before) / 1e9;
    long steps = outcomes.stream().mapToLong(Outcome::steps).sum();
    double hours = outcomes.stream().mapToLong(o -> o.virtual().toMillis()).sum() / 3_600_000.0;
    long answers =
        outcomes.stream().flatMap(o -> o.answers().values().stream()).mapToLong(i -> i).sum();
    long ends = outcomes.stream().mapToLong(o -> o.ends().size()).sum();
    System.out.printf(
        Locale.ROOT,
        "SimulationTest: %d seeds, %d steps, %d answers, %d ends, %.1f key-hours, %.1f CPU s%n",
        outcomes.size(),
        steps,
        answers,
        ends,
        hours * 13,
        cpuSeconds);
    assertThat(ends).isPositive();
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
