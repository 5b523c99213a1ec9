package io.mayfly.cli;

import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.screen.Json;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rollback}: an old value, in a new revision. */
@Command(
    name = "rollback",
    description = "Makes a new revision whose value is that of an older one.")
final class RollbackCommand extends Asking {
  @Mixin private EntryName entry = new EntryName();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "REVISION",
      description = "The revision whose value is to come back.")
  private long revision;

  @Mixin private Guards guards = new Guards();

  @Override
  ExitCode ask() {
    String body = Json.line(Json.object().put("toRevision", revision));
    Request request =
        Request.of("POST", entry.target().then("rollback"))
            .body(Request.JSON, body.getBytes(StandardCharsets.UTF_8));
    Receipts.show(screen(), json(), client().send(guards.on(request)));
    return ExitCode.OK;
  }
}
