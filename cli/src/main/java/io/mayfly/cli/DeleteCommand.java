package io.mayfly.cli;

import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code delete}: ends an entry. */
@Command(name = "delete", description = "Ends an entry.")
final class DeleteCommand extends Asking {
  @Mixin private EntryName entry = new EntryName();

  @Mixin private Guards guards = new Guards();

  @Override
  ExitCode ask() {
    Request request = guards.on(Request.of("DELETE", entry.target()));
    Receipts.show(screen(), json(), client().send(request));
    return ExitCode.OK;
  }
}
