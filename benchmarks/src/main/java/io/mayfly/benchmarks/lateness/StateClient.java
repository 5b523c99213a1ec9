package io.mayfly.benchmarks.lateness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A plain client of the state API, for what is looked at rather than measured. */
public final class StateClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;

  /** A client of one server. */
  public StateClient(URI server) {
    this.server = server;
  }

  /** The receipt of a PUT that must succeed. */
  JsonNode put(String path, String json) throws IOException, InterruptedException {
    HttpResponse<String> response =
        send(HttpRequest.newBuilder(uri(path)).PUT(BodyPublishers.ofString(json)));
    if (response.statusCode() / 100 != 2) {
      throw new IOException("PUT " + path + ": " + response.statusCode() + response.body());
    }
    return JSON.readTree(response.body());
  }

  /** The status of a GET. */
  int status(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path))).statusCode();
  }

  /** The body of a GET that must succeed. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri(path)));
    if (response.statusCode() != 200) {
      throw new IOException("GET " + path + ": " + response.statusCode() + response.body());
    }
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return server.resolve(path);
  }
}
