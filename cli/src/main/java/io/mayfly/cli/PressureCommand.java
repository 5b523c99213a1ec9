package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Table;
import io.mayfly.cli.stream.Lines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pressure}: how full the node is. */
@Command(name = "pressure", description = "Prints how full the node is.")
final class PressureCommand extends Asking {
  private static final String DATA = "data: ";
  private static final int LINE_BYTES_MAX = 65_536;

  @Option(names = "--watch", description = "Goes on, a line a second, until it is stopped.")
  private boolean watch;

  @Override
  ExitCode ask() throws IOException {
    Request request = Request.get(Target.of("/v1/pressure"));
    if (watch) {
      follow(request.header("Accept", "text/event-stream"));
      return ExitCode.OK;
    }
    JsonNode pressure = client().send(request).json();
    if (json()) {
      screen().say(Json.line(pressure));
    } else {
      show(pressure);
    }
    return ExitCode.OK;
  }

  private void show(JsonNode pressure) {
    Table table = new Table(screen(), "QUEUE", "DEPTH", "LIMIT");
    for (Map.Entry<String, JsonNode> queue : pressure.path("queues").properties()) {
      table.row(
          queue.getKey(),
          queue.getValue().path("depth").asText(),
          queue.getValue().path("limit").asText());
    }
    table.print();
    screen()
        .say(
            "node "
                + pressure.path("node").asText()
                + ", p50 "
                + pressure.path("latencyMs").path("p50").asText()
                + " ms, p99 "
                + pressure.path("latencyMs").path("p99").asText()
                + " ms, errors "
                + pressure.path("errorRate").asText());
  }

  private void follow(Request request) throws IOException {
    Table table =
        new Table(screen(), "NODE", "DEPTH", "LIMIT", "P50-MS", "P99-MS", "ERRORS")
            .atLeast(6, 6, 6, 8, 8);
    try (Lines lines = new Lines(client().open(request), LINE_BYTES_MAX)) {
      byte[] bytes;
      while ((bytes = lines.next()) != null && !screen().closed()) {
        String line = new String(bytes, StandardCharsets.UTF_8);
        if (line.startsWith(DATA)) {
          show(table, Json.read(line.substring(DATA.length())));
        }
      }
    }
  }

  private void show(Table table, JsonNode pressure) {
    if (json()) {
      screen().say(Json.line(pressure));
      return;
    }
    JsonNode node = pressure.path("queues").path("node");
    table.row(
        pressure.path("node").asText(),
        node.path("depth").asText(),
        node.path("limit").asText(),
        pressure.path("latencyMs").path("p50").asText(),
        pressure.path("latencyMs").path("p99").asText(),
        pressure.path("errorRate").asText());
    table.print();
  }
}
