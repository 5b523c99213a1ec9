package io.mayfly.multinode.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A client that watches a namespace, and comes back with the id of its last event whenever its
 * stream ends.
 */
public final class Watcher implements Callable<List<Watcher.Event>> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Supplier<URI> server;
  private final String namespace;
  private final CountDownLatch watching;
  private final Predicate<Event> last;
  private final List<Event> events = new ArrayList<>();

  /** One event as it was told. */
  public record Event(String id, String kind, String key, long incarnation, long revision) {
    private static Event of(JsonNode line) {
      return new Event(
          line.path("id").asText(),
          line.path("event").asText(),
          line.path("key").asText(),
          line.path("incarnation").asLong(),
          line.path("revision").asLong());
    }
  }

  /**
   * A watcher.
   *
   * @param server where the server is now
   * @param watching counted down when it watches for the first time
   * @param last says of an event that it is enough
   */
  public Watcher(
      Supplier<URI> server, String namespace, CountDownLatch watching, Predicate<Event> last) {
    this.server = server;
    this.namespace = namespace;
    this.watching = watching;
    this.last = last;
  }

  /** Watches until it is enough; all events in their order. */
  @Override
  public List<Event> call() throws InterruptedException {
    while (!watch()) {
      // The server is gone, or comes back.
    }
    return events;
  }

  private boolean watch() throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.get().resolve("/v1/watch/" + namespace))
            .header("Accept", "application/x-ndjson");
    if (!events.isEmpty()) {
      request.header("Last-Event-ID", events.get(events.size() - 1).id());
    }
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      if (response.statusCode() == 410) {
        throw new AssertionError("compacted after " + events.get(events.size() - 1));
      }
      return response.statusCode() == 200 && read(response);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean read(HttpResponse<InputStream> response) throws IOException {
    watching.countDown();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty()) {
          Event event = Event.of(JSON.readTree(line));
          events.add(event);
          if (last.test(event)) {
            return true;
          }
        }
      }
      return false;
    } catch (UncheckedIOException e) {
      return false;
    }
  }
}
