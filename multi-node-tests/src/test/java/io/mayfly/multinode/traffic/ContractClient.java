package io.mayfly.multinode.traffic;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

/** A client of the contract API. An {@link IOException} means that the outcome is unknown. */
public final class ContractClient {
  private final Connection server;

  /** A client of the server at this address. */
  public ContractClient(URI server) {
    this.server = new Connection(server);
  }

  /** Creates or replaces a contract on the condition that its version is this one; 0 for none. */
  public Answer put(String namespace, long version, String document) throws IOException {
    HttpRequest.Builder request = contract(namespace, "");
    return server.send(
        (version == 0
                ? request.header("If-None-Match", "*")
                : request.header("If-Match", "\"" + version + '"'))
            .PUT(BodyPublishers.ofString(document)));
  }

  /** Withdraws a contract, and ends the entries that live under it. */
  public Answer withdraw(String namespace) throws IOException {
    return server.send(contract(namespace, "?force=true").DELETE());
  }

  /** Shows a contract. */
  public Answer get(String namespace) throws IOException {
    return server.send(contract(namespace, ""));
  }

  /** Shows all contracts. */
  public Answer list() throws IOException {
    return server.send(server.to("/v1/contracts"));
  }

  private HttpRequest.Builder contract(String namespace, String query) {
    return server.to("/v1/contracts/" + namespace + query);
  }
}
