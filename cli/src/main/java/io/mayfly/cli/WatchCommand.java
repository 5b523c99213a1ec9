package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Table;
import io.mayfly.cli.stream.Feed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code watch}: what happens to entries, as it happens. */
@Command(
    name = "watch",
    description =
        "Prints what happens to the entries of a namespace, or to one key, until it is stopped."
            + " A stream that is cut goes on after the last event.")
final class WatchCommand extends Asking {
  private static final int AT_WIDTH = 24;
  private static final int KEY_WIDTH = 16;

  @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
  private String namespace = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "Only this key.")
  private @Nullable String key;

  @Option(
      names = "--from",
      paramLabel = "POSITION",
      defaultValue = "now",
      description = "start (what stands, then what happens), now, or the id of an event.")
  private String from = "now";

  @Option(names = "--prefix", paramLabel = "TEXT", description = "Only keys that begin so.")
  private @Nullable String prefix;

  @Option(
      names = "--events",
      paramLabel = "LIST",
      description = "Only some of created,updated,renewed,ended.")
  private @Nullable String events;

  @Option(names = "--values", description = "With the values that events bring.")
  private boolean values;

  @Option(names = "--count", paramLabel = "NUMBER", description = "Ends after so many events.")
  private long count = Long.MAX_VALUE;

  @Override
  ExitCode ask() {
    if (key != null && prefix != null) {
      throw misuse("--prefix is for a namespace, not for one key");
    }
    Target watch =
        (key == null ? Target.of("/v1/watch", namespace) : Target.of("/v1/watch", namespace, key))
            .with("from", from)
            .with("prefix", prefix)
            .with("events", events)
            .with("values", values ? "true" : null);
    Table table =
        new Table(screen(), "AT", "EVENT", "KEY", "REVISION", "WHAT")
            .atLeast(AT_WIDTH, 7, KEY_WIDTH);
    new Feed(client(), watch, sentence -> screen().complain("mayfly: " + sentence))
        .follow(event -> taken(event, table));
    return ExitCode.OK;
  }

  private boolean taken(JsonNode event, Table table) {
    boolean notice = event.path("event").asText().equals("notice");
    if (json()) {
      screen().say(Json.line(event));
    } else if (notice) {
      screen().complain("mayfly: " + event.path("detail").asText());
    } else {
      table.row(
          event.path("at").asText(),
          event.path("event").asText(),
          event.path("key").asText(),
          event.path("revision").asText(),
          what(event));
      table.print();
    }
    if (!notice) {
      count--;
    }
    return count > 0 && !screen().closed();
  }

  private static String what(JsonNode event) {
    if (event.has("value")) {
      return Json.line(event.path("value"));
    }
    if (event.has("reason")) {
      return event.path("reason").asText();
    }
    return event.path("standing").asBoolean() ? "standing" : event.path("outcome").asText();
  }
}
