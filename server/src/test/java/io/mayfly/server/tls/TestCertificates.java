package io.mayfly.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An authority and the certificates that it issues, made by the keytool of this JDK. */
public final class TestCertificates {
  private static final String PASSWORD = "changeit";

  private final Path directory;
  private final String authority;

  private TestCertificates(Path directory, String authority) {
    this.directory = directory;
    this.authority = authority;
  }

  /** A new authority that keeps its files in this directory. */
  public static TestCertificates authority(Path directory, String name) {
    TestCertificates made = new TestCertificates(directory, name);
    made.keytool("-genkeypair", name, "RSA", "-dname", "CN=" + name, "-ext", "bc:c");
    made.export(name);
    return made;
  }

  /**
   * Issues a certificate for the loopback addresses; {@link #certificate} and {@link #key} hold it.
   */
  public TestCertificates issue(String name, String algorithm) {
    Path request = directory.resolve(name + ".csr");
    Path answer = directory.resolve(name + ".crt");
    keytool("-genkeypair", name, algorithm, "-dname", "CN=mayfly");
    keytool("-certreq", name, "", "-file", request.toString());
    keytool(
        "-gencert",
        authority,
        "",
        "-infile",
        request.toString(),
        "-outfile",
        answer.toString(),
        "-rfc",
        "-ext",
        "san=ip:127.0.0.1,dns:localhost,dns:mayfly");
    writeKey(name);
    return this;
  }

  /** The authority's own certificate. */
  public Path authorityFile() {
    return directory.resolve(authority + ".pem");
  }

  /** An issued certificate. */
  public Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  /** The key of an issued certificate. */
  public Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /** A client that trusts the authority and shows no certificate. */
  public SSLContext client() {
    return context(null);
  }

  /** A client that trusts the authority and shows a certificate that it issued. */
  public SSLContext clientWith(String name) {
    return context(name);
  }

  private SSLContext context(@Nullable String name) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store(authority));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      if (name != null) {
        keys.init(issued(name), PASSWORD.toCharArray());
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(name == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key of an issued certificate with the certificate that the authority gave it. */
  private KeyStore issued(String name) throws GeneralSecurityException, IOException {
    KeyStore made = KeyStore.getInstance("PKCS12");
    made.load(null, null);
    try (InputStream in = Files.newInputStream(certificate(name))) {
      made.setKeyEntry(
          name,
          store(name).getKey(name, PASSWORD.toCharArray()),
          PASSWORD.toCharArray(),
          new Certificate[] {CertificateFactory.getInstance("X.509").generateCertificate(in)});
    }
    return made;
  }

  private KeyStore store(String name) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private void writeKey(String name) {
    try {
      byte[] key = store(name).getKey(name, PASSWORD.toCharArray()).getEncoded();
      Files.writeString(
          key(name),
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
              + "\n-----END PRIVATE KEY-----\n");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void export(String name) {
    keytool("-exportcert", name, "", "-rfc", "-file", authorityFile().toString());
  }

  private void keytool(String command, String name, String algorithm, String... more) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(List.of(command, "-alias", name, "-storepass", PASSWORD, "-storetype", "PKCS12"));
    line.addAll(List.of("-keystore", directory.resolve(name + ".p12").toString()));
    if (!algorithm.isEmpty()) {
      line.addAll(List.of("-keyalg", algorithm, "-validity", "2"));
    }
    line.addAll(List.of(more));
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(line + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
