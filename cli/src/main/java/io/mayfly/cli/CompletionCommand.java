package io.mayfly.cli;

import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.screen.Screen;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** {@code completion}: what a shell must know to complete commands and options. */
@Command(
    name = "completion",
    description = "Prints what a shell must know to complete: source <(./mayfly completion bash)")
final class CompletionCommand extends Asking {
  /** Commands of the launcher that no server is asked for. */
  static final List<String> LAUNCHER =
      List.of("build", "server", "cluster", "token", "bench", "help");

  /** The shells that can be told. */
  enum Shell {
    BASH(""),
    ZSH("autoload -U +X compinit bashcompinit && compinit && bashcompinit\n");

    private final String prologue;

    Shell(String prologue) {
      this.prologue = prologue;
    }
  }

  @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.BASH;

  @Override
  ExitCode ask() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    CommandLine all =
        Main.commands(Screen.unattended(InputStream.nullInputStream(), nowhere, nowhere));
    for (String name : LAUNCHER) {
      all.addSubcommand(name, CommandSpec.create());
    }
    screen().say(shell.prologue + AutoComplete.bash("mayfly", all));
    return ExitCode.OK;
  }
}
