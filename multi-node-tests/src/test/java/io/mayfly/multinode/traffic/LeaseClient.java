package io.mayfly.multinode.traffic;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** A client of the lease API. An {@link IOException} means that the outcome is unknown. */
public final class LeaseClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI server;

  /** A client of the server at this address. */
  public LeaseClient(URI server) {
    this.server = server;
  }

  /** Takes the lock, perhaps after a wait. */
  public Answer acquire(String path, String holder, Duration ttl, Duration wait)
      throws IOException {
    return post(
        path + "/acquire",
        "{\"holder\":\"%s\",\"ttl\":\"%dms\",\"wait\":\"%dms\"}"
            .formatted(holder, ttl.toMillis(), wait.toMillis()));
  }

  /** Gives a lease back. */
  public Answer release(String path, String leaseId) throws IOException {
    return post(path + "/release", "{\"leaseId\":\"" + leaseId + "\"}");
  }

  /** Shows the resource. */
  public Answer get(String path) throws IOException {
    return send(HttpRequest.newBuilder(server.resolve(path)));
  }

  /** Writes an entry under a fencing token, which is its value too. */
  public Answer putFenced(String path, long token) throws IOException {
    return send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Mayfly-Fence", Long.toString(token))
            .PUT(BodyPublishers.ofString(Long.toString(token))));
  }

  private Answer post(String path, String body) throws IOException {
    return send(HttpRequest.newBuilder(server.resolve(path)).POST(BodyPublishers.ofString(body)));
  }

  private Answer send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), Optional.empty(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
