package io.mayfly.cli;

import io.mayfly.cli.client.Address;
import io.mayfly.cli.client.Backoff;
import io.mayfly.cli.client.Client;
import io.mayfly.cli.screen.Screen;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What all commands share: which server, who asks, how the answer is shown. */
@Command(
    name = "mayfly",
    description = "Asks a Mayfly server, from a terminal or a script.",
    mixinStandardHelpOptions = true,
    version = "mayfly 0.1.0",
    synopsisSubcommandLabel = "COMMAND")
final class Mayfly {
  /** How an answer is shown. */
  enum Output {
    TABLE,
    JSON
  }

  private final Screen screen;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = {"-n", "--server"},
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:MAYFLY_URL:-http://127.0.0.1:8080}",
      description = "Which server (MAYFLY_URL); ${DEFAULT-VALUE} unless told.")
  private String server = "";

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:MAYFLY_TOKEN:-}",
      description = "Who asks (better in MAYFLY_TOKEN: other users see command lines).")
  private @Nullable String token;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      scope = ScopeType.INHERIT,
      defaultValue = "10s",
      description = "How long a request may take, with its retries; ${DEFAULT-VALUE} unless told.")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      scope = ScopeType.INHERIT,
      defaultValue = "table",
      description = "How the answer is shown: table, or json (a document a line).")
  private Output output = Output.TABLE;

  Mayfly(Screen screen) {
    this.screen = screen;
  }

  Screen screen() {
    return screen;
  }

  boolean json() {
    return output == Output.JSON;
  }

  Client client() {
    try {
      return new Client(Address.of(server, token, timeout), Backoff.usual(), screen::note);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** The server as it was named, for what runs on behalf of a command. */
  String server() {
    return server;
  }
}
