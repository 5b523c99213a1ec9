package io.mayfly.cli;

import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.screen.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code patch}: changes a part of a value. */
@Command(
    name = "patch",
    description =
        "Changes a part of a value: an array is a JSON Patch (RFC 6902), anything else a merge"
            + " patch (RFC 7396).")
final class PatchCommand extends Asking {
  @Mixin private EntryName entry = new EntryName();

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "PATCH",
      description = "JSON; or @FILE, or - for standard input, which is also read without it.")
  private @Nullable String patch;

  @Option(names = "--merge", description = "An array is a merge patch too: it replaces the value.")
  private boolean merge;

  @Mixin private Lifespan lifespan = new Lifespan();

  @Mixin private Guards guards = new Guards();

  @Override
  ExitCode ask() throws IOException {
    byte[] body = new Input(screen()).document(patch, "PATCH");
    boolean operations = !merge && Json.read(body).isArray();
    Request request =
        Request.of("PATCH", lifespan.on(entry.target()))
            .body(
                operations ? "application/json-patch+json" : "application/merge-patch+json", body);
    Receipts.show(screen(), json(), client().send(guards.on(request)));
    return ExitCode.OK;
  }
}
