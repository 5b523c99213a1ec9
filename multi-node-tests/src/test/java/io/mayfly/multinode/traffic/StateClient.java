package io.mayfly.multinode.traffic;

import io.mayfly.protocol.entry.EntryId;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client of the state API. An {@link IOException} means that the outcome is unknown. */
public final class StateClient {
  private final Connection server;
  private final Duration patience;

  /** A client of the server at this address, which leaves its patience to the server. */
  public StateClient(URI server) {
    this(server, Duration.ZERO);
  }

  /**
   * A client with a patience of its own.
   *
   * @param patience what the server is told; zero to tell it nothing
   */
  public StateClient(URI server, Duration patience) {
    this.server = new Connection(server);
    this.patience = patience;
  }

  /** Creates or replaces; {@code query} such as {@code ttl=30s}. */
  public Answer put(EntryId id, String query, String json) throws IOException {
    return send(request(id, "?" + query).PUT(BodyPublishers.ofString(json)));
  }

  /** Reads the value. */
  public Answer get(EntryId id) throws IOException {
    return send(request(id, ""));
  }

  /** Ends the entry. */
  public Answer delete(EntryId id) throws IOException {
    return send(request(id, "").DELETE());
  }

  /** Adds one to a number, once however often it is sent; creates it for an hour. */
  public Answer increment(EntryId id, String idempotencyKey) throws IOException {
    return send(
        request(id, "/increment")
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.ofString("{\"by\":1,\"ttl\":\"1h\"}")));
  }

  /** What the node says of its cluster. */
  public Answer cluster() throws IOException {
    return send(server.to("/v1/cluster"));
  }

  /** Reads the life story. */
  public Answer history(EntryId id) throws IOException {
    return send(request(id, "/history?limit=1000"));
  }

  /** What the node says of itself. */
  public Answer readiness() throws IOException {
    return send(server.to("/health/ready"));
  }

  /** What the node counts, in the text format of Prometheus. */
  public Answer metrics() throws IOException {
    return send(server.to("/metrics"));
  }

  /** Lists live keys. */
  public Answer list(String namespace) throws IOException {
    return send(server.to("/v1/state/" + namespace + "?limit=1000"));
  }

  private HttpRequest.Builder request(EntryId id, String rest) {
    String key = URLEncoder.encode(id.key(), StandardCharsets.UTF_8).replace("+", "%20");
    return server.to("/v1/state/" + id.namespace() + "/" + key + rest);
  }

  private Answer send(HttpRequest.Builder request) throws IOException {
    if (!patience.isZero()) {
      request.header("Mayfly-Timeout", patience.toMillis() + "ms");
    }
    return server.send(request);
  }
}
