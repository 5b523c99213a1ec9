package io.mayfly.cli.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.Client;
import io.mayfly.cli.client.Deadline;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Failure;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A stream of events that goes on when it is cut: it is opened again with the id of the last event
 * that was taken, for as long as it takes.
 */
public final class Feed {
  private final Client client;
  private final Target target;
  private final Consumer<String> notes;
  private @Nullable String lastId;
  private boolean everOpen;

  /**
   * The feed under this target.
   *
   * @param notes takes a sentence whenever the stream was cut
   */
  public Feed(Client client, Target target, Consumer<String> notes) {
    this.client = client;
    this.target = target;
    this.notes = notes;
  }

  /**
   * Hands over events, in order and each once, until the taker says that it wants no more.
   *
   * @throws Failure when the server refuses, or was never reached
   */
  public void follow(Predicate<JsonNode> taker) {
    for (int failed = 1; ; failed++) {
      InputStream open = opened();
      if (open != null) {
        try (Heard heard = new Heard(open);
            Lines lines = new Lines(heard, Items.LINE_BYTES_MAX * 4)) {
          byte[] line;
          while ((line = lines.next()) != null) {
            failed = 1;
            if (!take(Json.read(line), taker)) {
              return;
            }
          }
        } catch (IOException e) {
          // Cut: it goes on below.
        }
      }
      notes.accept(
          lastId == null
              ? "The stream was cut before its first event; opening it again."
              : "The stream was cut; going on after " + lastId);
      pause(failed);
    }
  }

  private boolean take(JsonNode event, Predicate<JsonNode> taker) {
    boolean more = taker.test(event);
    if (event.hasNonNull("id")) {
      lastId = event.path("id").asText();
    }
    return more;
  }

  /** The stream; null when it was open before and the server is not there now. */
  private @Nullable InputStream opened() {
    Request request =
        Request.get(target).header("Accept", Request.NDJSON).header("Last-Event-ID", lastId);
    try {
      InputStream open = client.open(request);
      everOpen = true;
      return open;
    } catch (Failure e) {
      boolean passes = e.code() == ExitCode.UNREACHABLE || e.code() == ExitCode.BUSY;
      if (everOpen && passes && !Thread.currentThread().isInterrupted()) {
        return null;
      }
      throw e;
    }
  }

  private void pause(int failed) {
    try {
      Deadline.pause(client.backoff().after(failed, null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(ExitCode.UNREACHABLE, "Interrupted", "Watch again from the last id.");
    }
  }
}
