package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code history}: the life story of a key. */
@Command(name = "history", description = "Prints the life story of a key, newest last.")
final class HistoryCommand extends Asking {
  @Mixin private EntryName entry = new EntryName();

  @Option(names = "--limit", paramLabel = "NUMBER", description = "Only the newest events.")
  private @Nullable Integer limit;

  @Override
  ExitCode ask() {
    JsonNode events =
        client()
            .send(Request.get(entry.target().then("history").with("limit", limit)))
            .json()
            .path("events");
    Table table =
        new Table(screen(), "AT", "EVENT", "REVISION", "WHAT", "BY", "EXPIRES", "INCARNATION");
    for (JsonNode event : events) {
      if (json()) {
        screen().out().println(Json.line(event));
      } else {
        String caller = event.path("caller").asText();
        table.row(
            event.path("at").asText(),
            event.path("event").asText(),
            event.path("revision").asText(),
            event.path(event.has("reason") ? "reason" : "outcome").asText(),
            caller.isEmpty() ? event.path("producer").asText() : caller,
            event.path("expiresAt").asText(),
            event.path("incarnation").asText());
      }
    }
    table.print();
    return ExitCode.OK;
  }
}
