package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.cli.client.Answer;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.screen.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code incr}: adds to a number. */
@Command(
    name = "incr",
    description = "Adds to a number, and prints the sum; creates the entry when it is absent.")
final class IncrementCommand extends Asking {
  @Mixin private EntryName entry = new EntryName();

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "BY",
      defaultValue = "1",
      description = "How much to add, or to take away: -5. ${DEFAULT-VALUE} unless told.")
  private String by = "1";

  @Option(
      names = "--initial",
      paramLabel = "NUMBER",
      description = "What an absent entry counts as; 0 unless told.")
  private @Nullable String initial;

  @Mixin private Lifespan lifespan = new Lifespan();

  @Mixin private Guards guards = new Guards();

  @Override
  ExitCode ask() {
    ObjectNode body = Json.object();
    body.set("by", number("BY", by));
    if (initial != null) {
      body.set("initial", number("--initial", initial));
    }
    Request request =
        Request.of("POST", lifespan.on(entry.target().then("increment")))
            .body(Request.JSON, Json.line(body).getBytes(StandardCharsets.UTF_8));
    Answer answer = client().send(guards.on(request));
    JsonNode receipt = answer.json();
    screen().say(Json.line(json() || !receipt.has("value") ? receipt : receipt.path("value")));
    return ExitCode.OK;
  }

  private JsonNode number(String name, String text) {
    try {
      JsonNode number = Json.read(text);
      if (number.isNumber()) {
        return number;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw misuse(name + ": " + text + " (expected: a number)");
  }
}
