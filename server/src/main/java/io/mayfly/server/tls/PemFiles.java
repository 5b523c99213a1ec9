package io.mayfly.server.tls;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files (RFC 7468) that a section of the configuration names. What is wrong with one is a
 * {@link ConfigException} that names setting and file, and never shows what the file holds.
 */
final class PemFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private final Config all;
  private final String section;

  /**
   * The files of a section.
   *
   * @param section the path whose settings name files
   */
  PemFiles(Config all, String section) {
    this.all = all;
    this.section = section;
  }

  /** The certificates of a file, in their order; at least one. */
  List<X509Certificate> certificates(String setting) {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(bytes(setting)))
          .forEach(certificate -> certificates.add((X509Certificate) certificate));
    } catch (CertificateException e) {
      throw bad(setting, "holds no certificates that can be read", e);
    }
    if (certificates.isEmpty()) {
      throw bad(setting, "holds no certificate", null);
    }
    return certificates;
  }

  /** The private key of a file: PKCS#8, not encrypted. */
  PrivateKey key(String setting) {
    Matcher pem = KEY.matcher(new String(bytes(setting), StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw bad(
          setting,
          "holds no private key in PKCS#8 (BEGIN PRIVATE KEY) without a password;"
              + " openssl pkcs8 -topk8 -nodes makes one",
          null);
    }
    PKCS8EncodedKeySpec spec;
    try {
      spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    } catch (IllegalArgumentException e) {
      throw bad(setting, "holds a private key that is damaged", e);
    }
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // The key is one of another algorithm.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has " + algorithm, e);
      }
    }
    throw bad(setting, "holds a private key that is damaged, or none of " + ALGORITHMS, null);
  }

  /** The refusal of a setting. */
  ConfigException bad(String setting, String why, @Nullable Throwable cause) {
    String path = section + '.' + setting;
    return new ConfigException.BadValue(
        all.getValue(path).origin(), path, (all.getString(path) + ' ' + why).strip(), cause);
  }

  /** The file that a setting names. */
  Path file(String setting) {
    String file = all.getString(section + '.' + setting);
    if (file.isEmpty()) {
      throw bad(setting, "expected: a PEM file", null);
    }
    return Path.of(file).toAbsolutePath();
  }

  private byte[] bytes(String setting) {
    try {
      return Files.readAllBytes(file(setting));
    } catch (IOException e) {
      throw bad(setting, "cannot be read", e);
    }
  }
}
