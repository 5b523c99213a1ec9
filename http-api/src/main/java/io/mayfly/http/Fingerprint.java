package io.mayfly.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * What a request was, in 128 bits: by it a retry is told from another request under the same
 * idempotency key. It sees mistakes of a client; one that looks for two requests with the same
 * fingerprint finds them, and deceives itself alone.
 *
 * <p>Each part is hashed with its length, so that no two lists of parts run together.
 */
final class Fingerprint {
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private final StringBuilder parts = new StringBuilder(256);

  Fingerprint with(String part) {
    parts.append(part.length()).append(':').append(part);
    return this;
  }

  /** A part of bytes, which stands in the list with its hash. */
  Fingerprint with(byte[] part) {
    long[] hash = MurmurHash3.hash128x64(part);
    parts.append(part.length).append('#').append(hash[0]).append(hash[1]);
    return this;
  }

  /** The fingerprint as 22 characters of base64url. */
  String text() {
    long[] hash = MurmurHash3.hash128x64(parts.toString().getBytes(StandardCharsets.UTF_8));
    byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(hash[0]).putLong(hash[1]).array();
    return TEXT.encodeToString(bytes);
  }
}
