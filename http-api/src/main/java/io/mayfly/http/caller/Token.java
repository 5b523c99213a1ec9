package io.mayfly.http.caller;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** A bearer token: {@code mayfly_} and 256 random bits in base64url. */
public final class Token {
  private static final String PREFIX = "mayfly_";
  private static final int BYTES = 32;

  private final String text;

  private Token(String text) {
    this.text = text;
  }

  /** A new token. Nothing keeps it but the caller of this method. */
  public static Token generate(SecureRandom random) {
    byte[] bits = new byte[BYTES];
    random.nextBytes(bits);
    return new Token(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
  }

  /** The secret itself, to be shown once. */
  public String secret() {
    return text;
  }

  /** What the configuration holds: the SHA-256 of the token, in hex. */
  public String hash() {
    return HexFormat.of().formatHex(digest(text));
  }

  /**
   * The SHA-256 of a token. The tokens are random and long, so that a slow hash would protect them
   * no better.
   */
  static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
