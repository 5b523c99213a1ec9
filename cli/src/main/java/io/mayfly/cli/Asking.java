package io.mayfly.cli;

import io.mayfly.cli.client.Client;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.screen.Screen;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that asks the server. */
@Command(mixinStandardHelpOptions = true, version = "mayfly 0.1.0", sortOptions = false)
abstract class Asking implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  /** Does what the command is for. */
  abstract ExitCode ask() throws IOException;

  @Override
  public Integer call() throws IOException {
    return ask().code();
  }

  final Mayfly mayfly() {
    return (Mayfly) spec.root().userObject();
  }

  final Client client() {
    return mayfly().client();
  }

  final Screen screen() {
    return mayfly().screen();
  }

  final boolean json() {
    return mayfly().json();
  }

  final ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
