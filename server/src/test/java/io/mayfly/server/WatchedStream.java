package io.mayfly.server;

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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client of a stream of server-sent events, which reads on a thread of its own. */
final class WatchedStream implements AutoCloseable {
  private static final long LIMIT_SECONDS = 15;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The stream has ended: no event. */
  private static final Told END = new Told("", "", JSON.createObjectNode());

  private final InputStream body;
  private final BlockingQueue<Told> events = new LinkedBlockingQueue<>();
  private final AtomicInteger comments = new AtomicInteger();

  /**
   * One event.
   *
   * @param id empty for a notice
   */
  record Told(String id, String event, JsonNode data) {
    String key() {
      return data.path("key").asText();
    }

    long revision() {
      return data.path("revision").asLong();
    }

    /** The event in short: what, whose, which revision. */
    String text() {
      return event + ' ' + key() + ' ' + revision();
    }
  }

  private WatchedStream(InputStream body) {
    this.body = body;
    Thread reader = new Thread(this::read, "watched-stream");
    reader.setDaemon(true);
    reader.start();
  }

  /** Opens a stream; its head has come when this returns. */
  static WatchedStream open(TestNode node, String target, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.uri() + target)).GET();
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        throw new AssertionError("status " + response.statusCode());
      }
      return new WatchedStream(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String id = "";
      String event = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(":")) {
          comments.incrementAndGet();
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          events.add(new Told(id, event, JSON.readTree(line.substring(6))));
          id = "";
        }
      }
    } catch (IOException e) {
      // A cut connection ends the stream as well.
    }
    events.add(END);
  }

  /** The next event; fails when none comes, or the stream ends. */
  Told next() {
    Told told = take();
    if (told.equals(END)) {
      throw new AssertionError("the stream ended");
    }
    return told;
  }

  /** The next events. */
  List<Told> next(int count) {
    List<Told> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      next.add(next());
    }
    return next;
  }

  /** The next events in short. */
  List<String> texts(int count) {
    return next(count).stream().map(Told::text).toList();
  }

  /** Fails unless the stream ends, perhaps after further events. */
  void expectEnd() {
    while (!take().equals(END)) {
      // Only the end counts.
    }
  }

  private Told take() {
    try {
      Told told = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (told == null) {
        throw new AssertionError("nothing within " + LIMIT_SECONDS + " s");
      }
      return told;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** How many comments came. */
  int comments() {
    return comments.get();
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
