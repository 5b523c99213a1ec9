package io.mayfly.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * What a request was, in 128 bits: by it a retry is told from another request under the same
 * idempotency key. Each part is hashed with its length, so that no two lists of parts run together.
 */
final class Fingerprint {
  private static final int BYTES = 16;

  private final MessageDigest digest;

  Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  Fingerprint with(String part) {
    return with(part.getBytes(StandardCharsets.UTF_8));
  }

  Fingerprint with(byte[] part) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
    digest.update(part);
    return this;
  }

  /** The fingerprint as 22 characters of base64url; to be asked for once. */
  String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(digest.digest(), BYTES));
  }
}
