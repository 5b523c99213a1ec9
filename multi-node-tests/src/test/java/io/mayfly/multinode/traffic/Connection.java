package io.mayfly.multinode.traffic;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The way to one server. An {@link IOException} means that the outcome is unknown. */
final class Connection {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI server;

  Connection(URI server) {
    this.server = server;
  }

  /** A request to this path and query. */
  HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(server.resolve(target));
  }

  /** Sends a request and waits for its answer. */
  Answer send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
      return new Answer(
          response.statusCode(), response.headers().firstValue("ETag"), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
