package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.Answer;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.screen.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code get}: the bare value, or the whole entry. */
@Command(name = "get", description = "Prints the value of an entry, as JSON.")
final class GetCommand extends Asking {
  @Mixin private EntryName entry = new EntryName();

  @Option(names = "--entry", description = "Prints the whole entry: version, deadline, value.")
  private boolean whole;

  @Option(
      names = "--revision",
      paramLabel = "NUMBER",
      description = "The value as it was at this revision, while history keeps it.")
  private @Nullable Long revision;

  @Override
  ExitCode ask() {
    Answer answer =
        client()
            .send(
                Request.get(
                    entry
                        .target()
                        .with("view", whole ? "entry" : null)
                        .with("revision", revision)));
    if (whole && !json()) {
      showFields(answer.json());
    } else {
      screen().say(answer.text());
    }
    return ExitCode.OK;
  }

  private void showFields(JsonNode document) {
    for (Map.Entry<String, JsonNode> field : document.properties()) {
      JsonNode value = field.getValue();
      String text =
          field.getKey().equals("value")
              ? "\n" + Json.pretty(value)
              : value.isTextual() ? value.asText() : Json.line(value);
      screen().out().printf("%-14s %s%n", field.getKey(), text);
    }
    screen().out().flush();
  }
}
