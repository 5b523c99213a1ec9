package io.mayfly.server.tls;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Map;

/**
 * TLS between nodes: each proves itself to the other with a certificate of one authority, and their
 * certificates have a name in common. The files are read again every few minutes, so that
 * certificates can be renewed while nodes run.
 */
public final class RemotingTls {
  private static final String SECTION = "mayfly.remoting.tls";
  private static final String ARTERY = "pekko.remote.artery.";
  private static final String ENGINE = ARTERY + "ssl.rotating-keys-engine.";

  private RemotingTls() {}

  /**
   * The configuration with {@code mayfly.remoting.tls} carried out.
   *
   * @throws com.typesafe.config.ConfigException when a file is not usable
   */
  public static Config applied(Config all) {
    if (!all.getBoolean(SECTION + ".enabled")) {
      return all;
    }
    PemFiles files = new PemFiles(all, SECTION);
    check(files);
    Map<String, Object> settings =
        Map.of(
            ARTERY + "transport", "tls-tcp",
            ARTERY + "ssl.ssl-engine-provider",
                "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
            ENGINE + "key-file", files.file("key").toString(),
            ENGINE + "cert-file", files.file("certificate").toString(),
            ENGINE + "ca-cert-file", files.file("authority").toString());
    return ConfigFactory.parseMap(settings, SECTION).withFallback(all);
  }

  /** Pekko would find out at the first connection, and then only log it. */
  private static void check(PemFiles files) {
    Identity identity = Identity.from(files);
    if (!identity.key().getAlgorithm().equals("RSA")) {
      throw files.bad("key", "is none of RSA, the only one that remoting reads", null);
    }
    X509Certificate authority = files.certificates("authority").get(0);
    try {
      identity.certificate().verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw files.bad("certificate", "is not issued by the (first) authority", e);
    }
  }
}
