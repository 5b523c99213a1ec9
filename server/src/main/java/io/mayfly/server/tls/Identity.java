package io.mayfly.server.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that vouch for it, the key's own first.
 *
 * @param chain never empty
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {

  /** Reads the settings {@code key} and {@code certificate}, which must belong together. */
  static Identity from(PemFiles files) {
    Identity identity = new Identity(files.key("key"), files.certificates("certificate"));
    if (!identity.matches()) {
      throw files.bad("key", "is not the key of the (first) certificate", null);
    }
    return identity;
  }

  X509Certificate certificate() {
    return chain.get(0);
  }

  /** Whether the certificate verifies what the key signs. */
  private boolean matches() {
    byte[] probe = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(algorithm(key.getAlgorithm()));
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate().getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String algorithm(String key) {
    return switch (key) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "EdDSA";
    };
  }
}
