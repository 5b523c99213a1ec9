package io.mayfly.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.Client;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A list of any length, read page after page; one page is in memory at a time. */
final class Listing {
  private static final int PAGE_MAX = 1000;

  private final Client client;
  private final Target target;
  private long left;

  /** A list under this target. */
  Listing(Client client, Target target, long limit) {
    this.client = client;
    this.target = target;
    this.left = limit;
  }

  /**
   * Hands over each entry.
   *
   * @param paged runs after each page; false ends the list
   */
  void each(Consumer<JsonNode> taker, BooleanSupplier paged) {
    @Nullable String cursor = null;
    do {
      cursor = page(cursor, taker);
    } while (paged.getAsBoolean() && cursor != null && left > 0);
  }

  private @Nullable String page(@Nullable String after, Consumer<JsonNode> taker) {
    Target page = target.with("limit", Math.min(left, PAGE_MAX)).with("cursor", after);
    byte[] body = client.send(Request.get(page)).body();
    @Nullable String cursor = null;
    try (JsonParser parser = Json.factory().createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        if (name.equals("entries")) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            left--;
            taker.accept(parser.readValueAsTree());
          }
        } else if (name.equals("cursor") && token == JsonToken.VALUE_STRING) {
          cursor = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cursor;
  }
}
