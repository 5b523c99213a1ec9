package io.mayfly.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where the gateway listens.
 *
 * @param port 0 for any free one
 */
record HttpAddress(String host, int port) {
  /**
   * Reads the address. Without tokens everyone who can connect may do everything, so an address
   * beyond this machine must be allowed in so many words.
   *
   * @throws ConfigException when the address is not usable or not allowed
   */
  static HttpAddress from(Config config) {
    String host = config.getString("mayfly.http.host");
    int port = config.getInt("mayfly.http.port");
    if (port < 0 || port > 65_535) {
      throw bad(config, "port", "0 to 65535");
    }
    if (!loopback(config, host) && !config.getBoolean("mayfly.http.allow-anonymous")) {
      throw bad(
          config,
          "host",
          host
              + " can be reached from other machines, and everyone there could read and write."
              + " Listen on 127.0.0.1, or set mayfly.http.allow-anonymous = true");
    }
    return new HttpAddress(host, port);
  }

  private static boolean loopback(Config config, String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw bad(config, "host", "an address of this machine; " + host + " is not known");
    }
  }

  private static ConfigException bad(Config config, String key, String expected) {
    return new ConfigException.BadValue(config.origin(), "mayfly.http." + key, expected);
  }
}
