package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Screen;
import io.mayfly.cli.screen.Table;
import io.mayfly.cli.stream.Feed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What happened to leases, and what happens to them. */
final class LeaseStory {
  private LeaseStory() {}

  private static Table table(Screen screen) {
    return new Table(screen, "AT", "EVENT", "NAME", "HOLDER", "PERMITS", "TOKEN", "EXPIRES")
        .atLeast(24, 8, 12, 16, 7, 13);
  }

  private static void row(Table table, JsonNode event, String name) {
    table.row(
        event.path("at").asText(),
        event.path("event").asText(),
        event.path("name").asText(name),
        event.path("holder").asText(),
        event.path(event.has("capacity") ? "capacity" : "permits").asText(),
        event.path("token").asText(),
        event.path("expiresAt").asText());
  }

  /** {@code lease history}. */
  @Command(name = "history", description = "Prints what happened to it, newest last.")
  static final class History extends Asking {
    @Mixin private LeaseName name = new LeaseName();

    @Option(names = "--limit", paramLabel = "NUMBER", description = "Only the newest events.")
    private @Nullable Integer limit;

    @Override
    ExitCode ask() {
      Target history = name.lease().target().then("history").with("limit", limit);
      Table table = table(screen());
      for (JsonNode event : client().send(Request.get(history)).json().path("events")) {
        if (json()) {
          screen().out().println(Json.line(event));
        } else {
          row(table, event, name.lease().name());
        }
      }
      table.print();
      return ExitCode.OK;
    }
  }

  /** {@code lease watch}. */
  @Command(
      name = "watch",
      description = "Prints what happens to the leases of a namespace, or to one, until stopped.")
  static final class Watch extends Asking {
    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
    private String namespace = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Only this one.")
    private @Nullable String name;

    @Option(
        names = "--from",
        paramLabel = "POSITION",
        defaultValue = "now",
        description = "now, or the id of an event.")
    private String from = "now";

    @Option(names = "--count", paramLabel = "NUMBER", description = "Ends after so many events.")
    private long count = Long.MAX_VALUE;

    @Override
    ExitCode ask() {
      Target all = Target.of("/v1/watch", namespace);
      Target watch = name == null ? all : Target.of("/v1/watch", namespace, name);
      Table table = table(screen());
      new Feed(
              client(),
              watch.with("of", "leases").with("from", from),
              sentence -> screen().complain("mayfly: " + sentence))
          .follow(event -> taken(event, table));
      return ExitCode.OK;
    }

    private boolean taken(JsonNode event, Table table) {
      if (json()) {
        screen().say(Json.line(event));
      } else {
        row(table, event, "");
        table.print();
      }
      return --count > 0 && !screen().closed();
    }
  }
}
