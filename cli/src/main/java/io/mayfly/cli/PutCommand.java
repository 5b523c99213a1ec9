package io.mayfly.cli;

import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code put}: creates an entry, or replaces its value. */
@Command(name = "put", description = "Creates an entry, or replaces its value.")
final class PutCommand extends Asking {
  @Mixin private EntryName entry = new EntryName();

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "JSON; or @FILE, or - for standard input, which is also read without it.")
  private @Nullable String value;

  @Option(names = "--text", description = "VALUE is text, and is sent as a JSON string.")
  private boolean text;

  @Mixin private Lifespan lifespan = new Lifespan();

  @Option(
      names = "--not-before",
      paramLabel = "INSTANT",
      description = "It is not valid until then.")
  private @Nullable String notBefore;

  @Option(names = "--if-absent", description = "Only if there is no such entry.")
  private boolean ifAbsent;

  @Mixin private Guards guards = new Guards();

  @Override
  ExitCode ask() throws IOException {
    Input input = new Input(screen());
    byte[] body = text ? input.text(value, "VALUE") : input.document(value, "VALUE");
    Request put =
        Request.of("PUT", lifespan.on(entry.target()).with("not-before", notBefore))
            .body(Request.JSON, body)
            .header("If-None-Match", ifAbsent ? "*" : null);
    Receipts.show(screen(), json(), client().send(guards.on(put)));
    return ExitCode.OK;
  }
}
