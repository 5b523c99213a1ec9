package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Progress;
import io.mayfly.cli.screen.Table;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reconcile}: what somebody believes, held against what is. */
@Command(
    name = "reconcile",
    description = "Holds what you believe against what is. Exits with 9 when not all match.")
final class ReconcileCommand extends Asking {
  private static final String MATCH = "match";

  @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
  private String namespace = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description =
          "A line for each key: {\"key\",\"incarnation\",\"revision\",\"digest\"?}, as ls -o json"
              + " prints them without its other members; - is standard input.")
  private String file = Input.STANDARD;

  @Option(names = "--report", description = "Only the numbers of verdicts.")
  private boolean report;

  private final Map<String, Long> counts = new TreeMap<>();

  @Override
  ExitCode ask() throws IOException {
    Table table = new Table(screen(), "KEY", "VERDICT", "REVISION", "REASON").atLeast(16, 8);
    new Piping(
            this,
            Target.of("/v1/reconcile", namespace),
            false,
            new Progress(screen(), "keys reconciled", !report))
        .all(
            file,
            (pieces, line) -> pieces.add(Beliefs.of(line), ""),
            (index, line, answer) -> answered(table, answer),
            table::print);
    table.print();
    if (report) {
      showCounts();
    }
    return counts.keySet().equals(java.util.Set.of(MATCH)) || counts.isEmpty()
        ? ExitCode.OK
        : ExitCode.PARTIAL;
  }

  private void answered(Table table, JsonNode answer) {
    String verdict = answer.path("verdict").asText("problem");
    counts.merge(verdict, 1L, Long::sum);
    if (report) {
      return;
    }
    if (json()) {
      screen().out().println(Json.line(answer));
    } else if (!verdict.equals(MATCH)) {
      JsonNode problem = answer.path("problem");
      table.row(
          answer.path("key").asText(problem.path("key").asText()),
          verdict,
          answer.path("entry").path("revision").asText(),
          answer.path("reason").asText(problem.path("detail").asText()));
    }
  }

  private void showCounts() {
    if (json()) {
      var all = Json.object();
      counts.forEach(all::put);
      screen().say(Json.line(all));
      return;
    }
    Table table = new Table(screen(), "VERDICT", "KEYS");
    counts.forEach((verdict, count) -> table.row(verdict, Long.toString(count)));
    table.print();
  }
}
