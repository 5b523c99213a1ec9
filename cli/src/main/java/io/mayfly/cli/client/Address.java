package io.mayfly.cli.client;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which server is asked, by whom, and for how long.
 *
 * @param server where it is, without a path's end: {@code http://127.0.0.1:8080}
 * @param token who asks; null where the server asks for no token
 * @param timeout how long a request may take, retries included
 */
public record Address(URI server, @Nullable String token, Duration timeout) {
  /**
   * Reads where a server is.
   *
   * @throws IllegalArgumentException when the text is no address of a server
   */
  public static Address of(String server, @Nullable String token, Duration timeout) {
    String text = server.contains("://") ? server : "http://" + server;
    URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getQuery() != null) {
      throw new IllegalArgumentException(
          "server: " + server + " (expected: http://127.0.0.1:8080, or https://…)");
    }
    return new Address(uri, token == null || token.isBlank() ? null : token, timeout);
  }

  URI resolve(String target) {
    return URI.create(server + target);
  }

  /** The port, also where the address leaves it out. */
  int port() {
    return server.getPort() > 0 ? server.getPort() : "https".equals(server.getScheme()) ? 443 : 80;
  }
}
