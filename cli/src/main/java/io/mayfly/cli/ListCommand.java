package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Table;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ls}: the live entries of a namespace. */
@Command(
    name = "ls",
    description = "Lists the live entries of a namespace, by key, all of them unless limited.")
final class ListCommand extends Asking {
  @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
  private String namespace = "";

  @Option(names = "--prefix", paramLabel = "TEXT", description = "Only keys that begin so.")
  private @Nullable String prefix;

  @Option(
      names = "--expiring-within",
      paramLabel = "DURATION",
      description = "Only what ends so soon, by deadline.")
  private @Nullable Duration expiringWithin;

  @Option(names = "--limit", paramLabel = "NUMBER", description = "At most so many.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--values", description = "With their values.")
  private boolean values;

  @Override
  ExitCode ask() {
    if (limit < 1) {
      throw misuse("--limit: " + limit + " (expected: at least 1)");
    }
    Target list =
        Target.of("/v1/state", namespace)
            .with("prefix", prefix)
            .with("expiring-within", Durations.text(expiringWithin))
            .with("view", values ? "entries" : "keys");
    Table table =
        values
            ? new Table(screen(), "KEY", "REVISION", "ETAG", "EXPIRES", "VALUE")
            : new Table(screen(), "KEY", "REVISION", "ETAG", "EXPIRES");
    new Listing(client(), list, limit)
        .each(
            entry -> {
              if (json()) {
                screen().out().println(Json.line(entry));
              } else {
                row(table, entry);
              }
            },
            () -> {
              table.print();
              return !screen().closed();
            });
    return ExitCode.OK;
  }

  private void row(Table table, JsonNode entry) {
    String key = entry.path("key").asText();
    String revision = entry.path("revision").asText();
    String tag = Receipts.tag(entry);
    String expires = entry.path("expiresAt").asText();
    if (values) {
      table.row(key, revision, tag, expires, Json.line(entry.path("value")));
    } else {
      table.row(key, revision, tag, expires);
    }
  }
}
