package io.mayfly.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

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

  private final List<byte[]> parts = new ArrayList<>();
  private int bytes;

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
    parts.add(part);
    bytes += Integer.BYTES + part.length;
    return this;
  }

  /** The fingerprint as 22 characters of base64url. */
  String text() {
    ByteBuffer all = ByteBuffer.allocate(bytes);
    for (byte[] part : parts) {
      all.putInt(part.length).put(part);
    }
    return TEXT.encodeToString(Arrays.copyOf(DIGEST.get().digest(all.array()), BYTES));
  }
}
