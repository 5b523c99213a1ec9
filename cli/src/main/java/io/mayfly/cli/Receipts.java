package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.Answer;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Screen;
import io.mayfly.cli.screen.Table;

/** How what came of a mutation is shown. */
final class Receipts {
  private Receipts() {}

  static void show(Screen screen, boolean json, Answer answer) {
    JsonNode receipt = answer.json();
    if (json) {
      screen.say(Json.line(receipt));
      return;
    }
    Table table = new Table(screen, "OUTCOME", "KEY", "REVISION", "ETAG", "EXPIRES");
    table.row(
        receipt.path("outcome").asText(),
        receipt.path("key").asText(),
        receipt.path("revision").asText(),
        tag(receipt),
        receipt.path("expiresAt").asText());
    table.print();
  }

  /** The ETag without its quotes, as a shell would take it. */
  static String tag(JsonNode document) {
    return document.path("etag").asText().replace("\"", "");
  }
}
