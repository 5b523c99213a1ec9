package io.mayfly.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.mayfly.http.caller.Callers;
import io.mayfly.server.tls.GatewayTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the gateway listens.
 *
 * @param port 0 for any free one
 * @param tls the engine of each connection; absent for connections in clear
 */
record HttpAddress(String host, int port, @Nullable Supplier<SSLEngine> tls) {
  /**
   * Reads the address. Without tokens everyone who can connect may do everything, so an address
   * beyond this machine must be allowed in so many words.
   *
   * @throws ConfigException when the address is not usable or not allowed, or a file of TLS is not
   *     usable
   */
  static HttpAddress from(Config config) {
    String host = config.getString("mayfly.http.host");
    int port = config.getInt("mayfly.http.port");
    if (port < 0 || port > 65_535) {
      throw bad(config, "port", "0 to 65535");
    }
    boolean anonymous = Callers.from(config).anonymous();
    if (anonymous && !loopback(config, host) && !config.getBoolean("mayfly.http.allow-anonymous")) {
      throw bad(
          config,
          "host",
          host
              + " can be reached from other machines, and everyone there could read and write."
              + " Listen on 127.0.0.1, set mayfly.http.tokens (./mayfly token makes one), or set"
              + " mayfly.http.allow-anonymous = true");
    }
    return new HttpAddress(host, port, GatewayTls.from(config));
  }

  /** The URL of a gateway that is bound there. */
  String url(InetSocketAddress bound) {
    String literal = bound.getAddress().getHostAddress();
    return (tls == null ? "http://" : "https://")
        + (literal.contains(":") ? '[' + literal + ']' : literal)
        + ':'
        + bound.getPort();
  }

  private static boolean loopback(Config config, String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw bad(config, "host", "an address of this machine; " + host + " is not known");
    }
  }

  private static ConfigException bad(Config config, String key, String expected) {
    String path = "mayfly.http." + key;
    return new ConfigException.BadValue(config.getValue(path).origin(), path, expected);
  }
}
