package io.mayfly.server.tls;

import com.typesafe.config.Config;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS of the gateway. The files are read once, at the start. */
public final class GatewayTls {
  private static final String SECTION = "mayfly.http.tls";
  private static final String AUTHORITY = "client-authority";
  private static final char[] NO_PASSWORD = {};

  private GatewayTls() {}

  /**
   * Reads {@code mayfly.http.tls}; absent when it is off.
   *
   * @throws com.typesafe.config.ConfigException when a file is not usable
   */
  public static @Nullable Supplier<SSLEngine> from(Config all) {
    if (!all.getBoolean(SECTION + ".enabled")) {
      return null;
    }
    PemFiles files = new PemFiles(all, SECTION);
    Identity identity = Identity.from(files);
    List<X509Certificate> authority =
        all.getString(SECTION + '.' + AUTHORITY).isEmpty()
            ? List.of()
            : files.certificates(AUTHORITY);
    SSLContext context;
    try {
      context = context(identity, authority);
    } catch (GeneralSecurityException | IOException e) {
      throw files.bad("certificate", "cannot be served: " + e.getMessage(), e);
    }
    return () -> engine(context, !authority.isEmpty());
  }

  private static SSLEngine engine(SSLContext context, boolean ofKnownClients) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(ofKnownClients);
    return engine;
  }

  private static SSLContext context(Identity identity, List<X509Certificate> authority)
      throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(identity), trusted(authority), null);
    return context;
  }

  private static KeyManager[] keys(Identity identity) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setKeyEntry(
        "gateway", identity.key(), NO_PASSWORD, identity.chain().toArray(new Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static TrustManager[] trusted(List<X509Certificate> authority)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    for (X509Certificate certificate : authority) {
      store.setCertificateEntry("authority-" + store.size(), certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
