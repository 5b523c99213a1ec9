package io.mayfly.cli;

import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Failure;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The command line of Mayfly for people. */
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(Screen.system(), args));
  }

  /** Runs a command; returns its exit code. */
  public static int run(Screen screen, String... args) {
    int code = commands(screen, args).execute(args);
    screen.out().flush();
    screen.err().flush();
    return code;
  }

  /** The commands that the arguments may mean, as picocli knows them; all without arguments. */
  static CommandLine commands(Screen screen, String... args) {
    CommandLine commands = new CommandLine(new Mayfly(screen));
    Commands.addTo(commands, args);
    commands.registerConverter(Duration.class, Durations::parse);
    commands.setExpandAtFiles(false);
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setOut(new PrintWriter(screen.out(), true, StandardCharsets.UTF_8));
    commands.setErr(new PrintWriter(screen.err(), true, StandardCharsets.UTF_8));
    commands.setParameterExceptionHandler((e, given) -> misused(screen, e));
    commands.setExecutionExceptionHandler((e, line, parsed) -> failed(screen, e, line));
    describeExitCodes(commands);
    return commands;
  }

  private static void describeExitCodes(CommandLine line) {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(Integer.toString(code.code()), code.meaning());
    }
    line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
    line.getCommandSpec().usageMessage().exitCodeList(codes);
    line.getSubcommands().values().forEach(Main::describeExitCodes);
  }

  /** A sentence and where to read on: the whole help would push the sentence off the screen. */
  private static int misused(Screen screen, ParameterException e) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    screen.complain("mayfly: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, e.getCommandLine().getErr());
    screen.complain("  See: ./" + name + " --help");
    return ExitCode.USAGE.code();
  }

  private static int failed(Screen screen, Exception e, CommandLine line) throws Exception {
    if (e instanceof IOException || e instanceof UncheckedIOException) {
      screen.complain("mayfly: Cannot read or write: " + e.getMessage());
      return ExitCode.USAGE.code();
    }
    if (!(e instanceof Failure failure)) {
      throw e;
    }
    Mayfly mayfly = (Mayfly) line.getCommandSpec().root().userObject();
    if (mayfly.json() && failure.problem() != null) {
      screen.complain(Json.line(failure.problem()));
    } else {
      screen.complain("mayfly: " + failure.text());
      screen.complain("  " + failure.advice());
    }
    return failure.code().code();
  }
}
