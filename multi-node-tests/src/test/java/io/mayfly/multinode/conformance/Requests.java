package io.mayfly.multinode.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/** Sends what steps describe to one server. */
final class Requests {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;

  Requests(URI server) {
    this.server = server;
  }

  /** Sends the request of a step, and waits for its answer. */
  Received send(JsonNode step, Variables variables) throws IOException, InterruptedException {
    return received(
        client.send(request(step, variables).timeout(TIMEOUT).build(), BodyHandlers.ofByteArray()));
  }

  /** Sends the request of a step. To cancel it closes its connection. */
  CompletableFuture<HttpResponse<byte[]>> start(JsonNode step, Variables variables) {
    return client.sendAsync(request(step, variables).build(), BodyHandlers.ofByteArray());
  }

  /** Opens the stream of a step. */
  EventStream open(JsonNode step, Variables variables) throws IOException, InterruptedException {
    return new EventStream(
        client.send(request(step, variables).build(), BodyHandlers.ofInputStream()));
  }

  static Received received(HttpResponse<byte[]> response) {
    return new Received(response.statusCode(), response.headers(), response.body());
  }

  private HttpRequest.Builder request(JsonNode step, Variables variables) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(variables.text(step.path("path").asText())));
    JsonNode headers = step.path("headers");
    if (step.has("json") && !headers.has("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    headers
        .properties()
        .forEach(
            header -> request.header(header.getKey(), variables.text(header.getValue().asText())));
    return request.method(step.path("method").asText("GET"), body(step, variables));
  }

  private static BodyPublisher body(JsonNode step, Variables variables) {
    if (step.has("json")) {
      return BodyPublishers.ofString(variables.document(step.get("json")).toString());
    }
    if (step.has("hex")) {
      return BodyPublishers.ofByteArray(HexFormat.of().parseHex(step.get("hex").asText()));
    }
    return step.has("text")
        ? BodyPublishers.ofString(variables.text(step.get("text").asText()))
        : BodyPublishers.noBody();
  }
}
