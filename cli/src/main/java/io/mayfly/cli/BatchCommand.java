package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Progress;
import io.mayfly.cli.screen.Table;
import io.mayfly.cli.stream.Operations;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code batch}: many operations. */
@Command(
    name = "batch",
    description =
        "Carries out operations, one a line or in an array, as POST /v1/batch takes them."
            + " Exits with 9 when some were refused.")
final class BatchCommand extends Asking {
  private static final int REFUSED = 400;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The operations; - is standard input.")
  private String file = Input.STANDARD;

  private boolean refused;

  @Override
  ExitCode ask() throws IOException {
    Table table =
        new Table(screen(), "INDEX", "STATUS", "OUTCOME", "KEY", "REVISION", "WHAT")
            .atLeast(6, 6, 11, 16);
    new Piping(this, Target.of("/v1/batch"), false, new Progress(screen(), "operations", true))
        .all(
            file,
            (pieces, line) -> pieces.add(Operations.repeatable(line), ""),
            (index, line, answer) -> answered(table, answer),
            table::print);
    return refused ? ExitCode.PARTIAL : ExitCode.OK;
  }

  private void answered(Table table, JsonNode answer) {
    refused |= answer.path("status").asInt() >= REFUSED;
    if (json()) {
      screen().out().println(Json.line(answer));
      return;
    }
    JsonNode receipt = answer.path("receipt");
    JsonNode problem = answer.path("problem");
    table.row(
        answer.path("index").asText(),
        answer.path("status").asText(),
        receipt.path("outcome").asText(),
        receipt.path("key").asText(problem.path("key").asText()),
        receipt.path("revision").asText(),
        answer.has("value") ? Json.line(answer.path("value")) : problem.path("detail").asText());
  }
}
