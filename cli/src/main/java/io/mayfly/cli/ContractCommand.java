package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Failure;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Table;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code contract}: the rules of namespaces. */
@Command(
    name = "contract",
    description = "The rules of namespaces.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ContractCommand.Ls.class,
      ContractCommand.Get.class,
      ContractCommand.Put.class,
      ContractCommand.Delete.class
    })
final class ContractCommand {
  private static final String ROOT = "/v1/contracts";

  private static Target target(String namespace) {
    return Target.of(ROOT, namespace);
  }

  /** {@code contract ls}. */
  @Command(name = "ls", description = "Lists the contracts.")
  static final class Ls extends Asking {
    @Override
    ExitCode ask() {
      JsonNode contracts = client().send(Request.get(Target.of(ROOT))).json().path("contracts");
      Table table =
          new Table(
              screen(), "NAMESPACE", "VERSION", "OWNER", "DURABILITY", "DEFAULT", "DESCRIPTION");
      for (JsonNode contract : contracts) {
        if (json()) {
          screen().out().println(Json.line(contract));
        } else {
          table.row(
              contract.path("namespace").asText(),
              contract.path("version").asText(),
              contract.path("owner").asText(),
              contract.path("durability").asText(),
              contract.path("lifetime").path("default").asText(),
              contract.path("description").asText());
        }
      }
      table.print();
      return ExitCode.OK;
    }
  }

  /** {@code contract get}. */
  @Command(name = "get", description = "Prints a contract; contract put takes what it prints.")
  static final class Get extends Asking {
    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
    private String namespace = "";

    @Override
    ExitCode ask() {
      JsonNode contract = client().send(Request.get(target(namespace))).json();
      screen().say(json() ? Json.line(contract) : Json.pretty(contract));
      return ExitCode.OK;
    }
  }

  /** {@code contract put}. */
  @Command(name = "put", description = "Puts a contract in force.")
  static final class Put extends Asking {
    @Parameters(
        index = "0",
        paramLabel = "FILE",
        description = "The document, which names its namespace; - is standard input.")
    private String file = Input.STANDARD;

    @Option(
        names = "--if-match",
        paramLabel = "VERSION",
        description = "Only if this version is in force.")
    private @Nullable Long ifMatch;

    @Option(names = "--force", description = "Also against live entries that do not fit it.")
    private boolean force;

    @Override
    ExitCode ask() throws IOException {
      String argument = file.equals(Input.STANDARD) ? file : "@" + file;
      byte[] body = new Input(screen()).document(argument, "The contract");
      String namespace = Json.read(body).path("namespace").asText();
      if (namespace.isEmpty()) {
        throw Failure.usage(
            "The contract names no namespace", "Add a member \"namespace\": docs/CONTRACTS.md");
      }
      Request put =
          Request.of("PUT", target(namespace).with("force", force ? "true" : null))
              .body(Request.JSON, body)
              .header("If-Match", ifMatch == null ? null : "\"" + ifMatch + '"');
      JsonNode contract = client().send(put).json();
      screen()
          .say(
              json()
                  ? Json.line(contract)
                  : "Version "
                      + contract.path("version").asText()
                      + " of "
                      + namespace
                      + " is in force.");
      return ExitCode.OK;
    }
  }

  /** {@code contract delete}. */
  @Command(
      name = "delete",
      description = "Withdraws a contract: the namespace lives under the default one.")
  static final class Delete extends Asking {
    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
    private String namespace = "";

    @Option(names = "--force", description = "Ends the live entries of the namespace.")
    private boolean force;

    @Override
    ExitCode ask() {
      Target target = target(namespace).with("force", force ? "true" : null);
      var unused = client().send(Request.of("DELETE", target));
      if (!json()) {
        screen().say("The contract of " + namespace + " is withdrawn.");
      }
      return ExitCode.OK;
    }
  }
}
