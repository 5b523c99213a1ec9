package io.mayfly.server;

import io.mayfly.http.caller.Grant;
import io.mayfly.http.caller.Token;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code mayfly token}: makes a token. Two lines on standard output, the token and the setting that
 * makes it known; neither is kept anywhere.
 */
@Command(
    name = "token",
    description = "Makes a token: prints it, and the line for the configuration.",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NAME", description = "Whose token it is: the caller.")
  private String name = "";

  @Option(
      names = "--namespaces",
      split = ",",
      required = true,
      description = "Where it is good: names, prefixes as cart-*, or *.")
  private List<String> namespaces = new ArrayList<>();

  @Option(
      names = "--rights",
      split = ",",
      required = true,
      description = "What it is good for: read, write, admin. None implies another.")
  private List<String> rights = new ArrayList<>();

  @Override
  public Integer call() {
    Grant grant;
    try {
      grant = new Grant(name, namespaces, rights);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
    Token token = Token.generate(new SecureRandom());
    System.out.println(token.secret());
    System.out.println(grant.setting(token));
    System.err.println(
        "The first line is the token, shown this once. Add the second line at the end of the"
            + " configuration of every node.");
    return 0;
  }
}
