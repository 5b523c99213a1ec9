package io.mayfly.server;

import io.mayfly.server.local.ClusterCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of Mayfly. */
@Command(
    name = "mayfly",
    description = "A home for transient state.",
    mixinStandardHelpOptions = true,
    version = "mayfly 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ServerCommand.class, ClusterCommand.class, TokenCommand.class})
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code, unless the command leaves a server running. */
  public static void main(String[] args) {
    int code = new CommandLine(new Main()).execute(args);
    if (code != ServerCommand.RUNNING) {
      System.exit(code);
    }
  }
}
