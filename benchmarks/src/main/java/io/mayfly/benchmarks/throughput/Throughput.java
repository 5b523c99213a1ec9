package io.mayfly.benchmarks.throughput;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures every scenario beside the bare server. Repetitions are interleaved, so that a machine
 * that slows down slows all of them alike. Only the server that is measured runs; the others are
 * paused.
 */
public final class Throughput {
  private final ServerOptions options;
  private final Pace pace;
  private final int repetitions;

  /** A run of so many repetitions, each at this pace. */
  public Throughput(ServerOptions options, Pace pace, int repetitions) {
    if (repetitions < 1) {
      throw new IllegalArgumentException("repetitions: " + repetitions + " (expected: >= 1)");
    }
    this.options = options;
    this.pace = pace;
    this.repetitions = repetitions;
  }

  /** Prints the table; returns how many requests had no 2xx answer. */
  public long run(List<String> chosen) throws IOException, InterruptedException {
    Map<Scenario, List<LoadResult>> results = new EnumMap<>(Scenario.class);
    try (Subjects subjects = new Subjects(options)) {
      for (int i = 0; i < repetitions; i++) {
        for (Scenario scenario : Scenario.values()) {
          if (scenario == Scenario.BARE || isChosen(scenario, chosen)) {
            LoadResult result = measure(scenario, subjects, i);
            results.computeIfAbsent(scenario, key -> new ArrayList<>()).add(result);
          }
        }
      }
    }
    return print(results);
  }

  private static boolean isChosen(Scenario scenario, List<String> chosen) {
    return chosen.isEmpty() || chosen.stream().anyMatch(scenario.label()::contains);
  }

  private LoadResult measure(Scenario scenario, Subjects subjects, int repetition)
      throws IOException, InterruptedException {
    return subjects.use(
        scenario,
        server ->
            LoadGenerator.run(
                new LoadPlan(
                    server.address(),
                    scenario.template(),
                    scenario.keys(repetition),
                    number -> 0,
                    pace,
                    server::cpuNanos)));
  }

  private static long print(Map<Scenario, List<LoadResult>> results) {
    Row bare = row(Scenario.BARE, results);
    System.out.println(Row.HEADER);
    long errors = 0;
    for (Scenario scenario : results.keySet()) {
      Row row = row(scenario, results);
      System.out.println(row.line(bare));
      errors += row.errors();
    }
    System.out.printf(
        "load generator: %.1f us of processor time per request%n",
        bare.results().get(0).generatorCpuMicros());
    return errors;
  }

  private static Row row(Scenario scenario, Map<Scenario, List<LoadResult>> results) {
    return new Row(scenario.label(), Objects.requireNonNull(results.get(scenario)));
  }
}
