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
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  /** To look an algorithm up costs as much as to hash a small request. */
  private static final ThreadLocal<MessageDigest> DIGEST =
      ThreadLocal.withInitial(Fingerprint::sha);

  /** More than most requests have. */
  private static final int ROOM = 512;

  private byte[] bytes = new byte[ROOM];
  private int length;

  private static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  Fingerprint with(String part) {
    return with(part.getBytes(StandardCharsets.UTF_8));
  }

  Fingerprint with(byte[] part) {
    int end = length + Integer.BYTES + part.length;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
    }
    ByteBuffer.wrap(bytes, length, end - length).putInt(part.length).put(part);
    length = end;
    return this;
  }

  /** The fingerprint as 22 characters of base64url. */
  String text() {
    MessageDigest digest = DIGEST.get();
    digest.update(bytes, 0, length);
    return TEXT.encodeToString(Arrays.copyOf(digest.digest(), BYTES));
  }
}
