package io.mayfly.cli;

import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code touch}: renews a deadline. */
@Command(
    name = "touch",
    description = "Renews the deadline of an entry: by --ttl, else by the contract's default.")
final class TouchCommand extends Asking {
  @Mixin private EntryName entry = new EntryName();

  @Mixin private Lifespan lifespan = new Lifespan();

  @Mixin private Guards guards = new Guards();

  @Override
  ExitCode ask() {
    Request request = Request.of("POST", lifespan.on(entry.target().then("touch")));
    Receipts.show(screen(), json(), client().send(guards.on(request)));
    return ExitCode.OK;
  }
}
