package io.mayfly.testkit;

import io.mayfly.testkit.check.Linearizability;
import io.mayfly.testkit.check.Operation;
import io.mayfly.testkit.report.HistoryReport;
import java.nio.file.Path;
import java.util.List;

/**
 * A guarantee did not hold under a seed. The message tells which, how it came, and how to see it
 * again.
 */
public final class SimulationFailure extends AssertionError {
  private static final long serialVersionUID = 1L;
  private static final int LINES_MAX = 80;

  private SimulationFailure(String message) {
    super(message);
  }

  /** A failure that was made small. */
  static SimulationFailure of(Outcome shrunk, Outcome first) {
    List<String> lines = shrunk.timeline();
    StringBuilder text = new StringBuilder("seed " + first.seed() + " breaks ");
    text.append(first.violations().get(0)).append("\nThe shortest run that fails:\n");
    lines
        .subList(Math.max(0, lines.size() - LINES_MAX), lines.size())
        .forEach(line -> text.append(line).append('\n'));
    shrunk
        .violations()
        .forEach(violation -> text.append("broken: ").append(violation).append('\n'));
    shrunk
        .histories()
        .forEach(
            (key, history) -> {
              if (!Linearizability.holds(history)) {
                text.append("page: ").append(page(key, history)).append('\n');
              }
            });
    text.append("again: ./mvnw test with -Dtest=<this test> -Dmayfly.seed=").append(first.seed());
    return new SimulationFailure(text.toString());
  }

  private static Path page(String key, List<Operation> history) {
    return HistoryReport.write(Path.of("target", "simulation"), key, history);
  }
}
