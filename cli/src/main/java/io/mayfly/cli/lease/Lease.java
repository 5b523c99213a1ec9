package io.mayfly.cli.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.cli.client.Client;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/**
 * The requests about one lease.
 *
 * @param name of the resource
 */
public record Lease(String namespace, String name) {
  /** What a holder asks for. */
  public record Wish(String holder, Duration ttl, int permits, Duration patience) {}

  /** Where the resource is. */
  public Target target() {
    return Target.of("/v1/leases", namespace, name);
  }

  /** Acquires it, waiting for as long as wished. */
  public JsonNode acquire(Client client, Wish wish) {
    ObjectNode body = Json.object();
    body.put("holder", wish.holder());
    body.put("ttl", text(wish.ttl()));
    body.put("permits", wish.permits());
    body.put("wait", text(wish.patience()));
    Request request = post("acquire", body).idempotent(UUID.randomUUID().toString());
    return client.send(request.waiting(wish.patience())).json();
  }

  /** Renews it. */
  public JsonNode renew(Client client, String leaseId, Duration ttl) {
    ObjectNode body = Json.object().put("leaseId", leaseId).put("ttl", text(ttl));
    return client.send(post("renew", body).repeated()).json();
  }

  /** Gives it back. */
  public void release(Client client, String leaseId) {
    var unused = client.send(post("release", Json.object().put("leaseId", leaseId)).repeated());
  }

  private Request post(String action, ObjectNode body) {
    return Request.of("POST", target().then(action))
        .body(Request.JSON, Json.line(body).getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
