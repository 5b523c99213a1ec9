package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Progress;
import io.mayfly.cli.stream.Operations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import}: what {@code export} wrote. */
@Command(
    name = "import",
    description =
        "Carries out the operations that export wrote. What is refused for now is sent again."
            + " Exits with 9 when some were refused.")
final class ImportCommand extends Asking {
  private static final int REFUSED = 400;
  private static final int PRECONDITION_FAILED = 412;

  @Parameters(index = "0", paramLabel = "FILE", description = "The lines; - is standard input.")
  private String file = Input.STANDARD;

  @Option(
      names = "--into",
      paramLabel = "NAMESPACE",
      description = "Into this namespace, whatever the lines name.")
  private @Nullable String into;

  @Option(names = "--if-absent", description = "Entries that are there stay as they are.")
  private boolean ifAbsent;

  private long imported;
  private long ended;
  private long kept;
  private long refused;

  @Override
  ExitCode ask() throws IOException {
    new Piping(
            this, Target.of("/v1/batch"), true, new Progress(screen(), "entries imported", false))
        .all(
            file,
            (pieces, line) -> {
              byte[] operation = Operations.repeatable(adapted(line));
              pieces.add(operation, Operations.subject(operation));
            },
            this::answered,
            () -> {});
    show();
    return refused > 0 ? ExitCode.PARTIAL : ExitCode.OK;
  }

  private byte[] adapted(byte[] line) {
    if (into == null && !ifAbsent) {
      return line;
    }
    JsonNode operation = Json.read(line);
    if (operation instanceof ObjectNode object) {
      if (into != null) {
        object.put("namespace", into);
      }
      if (ifAbsent) {
        object.put("ifNoneMatch", "*");
      }
    }
    return Json.line(operation).getBytes(StandardCharsets.UTF_8);
  }

  private void answered(long index, byte[] line, JsonNode answer) {
    int status = answer.path("status").asInt();
    if (status < REFUSED) {
      imported++;
    } else if (ifAbsent && status == PRECONDITION_FAILED) {
      kept++;
    } else if (Operations.overdue(line, answer)) {
      ended++;
    } else {
      refused++;
      JsonNode problem = answer.path("problem");
      screen()
          .complain(
              "mayfly: line "
                  + (index + 1)
                  + " ("
                  + Operations.subject(line)
                  + "): "
                  + status
                  + ' '
                  + problem.path("title").asText()
                  + ": "
                  + problem.path("detail").asText());
    }
  }

  private void show() {
    if (json()) {
      screen()
          .say(
              Json.line(
                  Json.object()
                      .put("imported", imported)
                      .put("kept", kept)
                      .put("ended", ended)
                      .put("refused", refused)));
      return;
    }
    screen()
        .say(
            imported
                + " imported, "
                + kept
                + " were there and stayed, "
                + ended
                + " had ended or were about to, "
                + refused
                + " refused");
  }
}
