package io.mayfly.multinode.traffic;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A client of the contract API. An {@link IOException} means that the outcome is unknown. */
public final class ContractClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI server;

  /** A client of the server at this address. */
  public ContractClient(URI server) {
    this.server = server;
  }

  /** Creates or replaces a contract on the condition that its version is this one; 0 for none. */
  public Answer put(String namespace, long version, String document) throws IOException {
    HttpRequest.Builder request = contract(namespace, "");
    return send(
        (version == 0
                ? request.header("If-None-Match", "*")
                : request.header("If-Match", "\"" + version + '"'))
            .PUT(BodyPublishers.ofString(document)));
  }

  /** Withdraws a contract, and ends the entries that live under it. */
  public Answer withdraw(String namespace) throws IOException {
    return send(contract(namespace, "?force=true").DELETE());
  }

  /** Shows a contract. */
  public Answer get(String namespace) throws IOException {
    return send(contract(namespace, ""));
  }

  /** Shows all contracts. */
  public Answer list() throws IOException {
    return send(HttpRequest.newBuilder(server.resolve("/v1/contracts")));
  }

  private HttpRequest.Builder contract(String namespace, String query) {
    return HttpRequest.newBuilder(server.resolve("/v1/contracts/" + namespace + query));
  }

  private Answer send(HttpRequest.Builder request) throws IOException {
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
