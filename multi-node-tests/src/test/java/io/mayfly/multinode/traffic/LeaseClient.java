package io.mayfly.multinode.traffic;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** A client of the lease API. An {@link IOException} means that the outcome is unknown. */
public final class LeaseClient {
  private final Connection server;

  /** A client of the server at this address. */
  public LeaseClient(URI server) {
    this.server = new Connection(server);
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
    return server.send(server.to(path));
  }

  /** Writes an entry under a fencing token, which is its value too. */
  public Answer putFenced(String path, long token) throws IOException {
    return server.send(
        server
            .to(path)
            .header("Mayfly-Fence", Long.toString(token))
            .PUT(BodyPublishers.ofString(Long.toString(token))));
  }

  private Answer post(String path, String body) throws IOException {
    return server.send(server.to(path).POST(BodyPublishers.ofString(body)));
  }
}
