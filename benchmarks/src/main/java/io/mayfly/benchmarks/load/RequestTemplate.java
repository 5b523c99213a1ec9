package io.mayfly.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A request encoded once, in which only digits change: those of the key, of the time to live, and
 * of a number that no other request has. Encoding per request would cost more than the rest of the
 * generator.
 */
public final class RequestTemplate {
  private static final String KEY = "{key}";
  private static final String TTL = "{ttl}";
  private static final String NONCE = "{nonce}";
  private static final int KEY_DIGITS = 10;
  private static final int TTL_DIGITS = 5;

  private final byte[] bytes;
  private final int keyOffset;
  private final int ttlOffset;
  private final int nonceOffset;
  private final AtomicLong nonce = new AtomicLong();

  private RequestTemplate(String head, byte[] body) {
    String text = head;
    keyOffset = text.indexOf(KEY);
    text = text.replace(KEY, "0".repeat(KEY_DIGITS));
    ttlOffset = text.indexOf(TTL);
    text = text.replace(TTL, "0".repeat(TTL_DIGITS));
    String own = UUID.randomUUID() + "-";
    int ownOffset = text.indexOf(NONCE);
    nonceOffset = ownOffset < 0 ? ownOffset : ownOffset + own.length();
    text = text.replace(NONCE, own + "0".repeat(KEY_DIGITS));
    byte[] headBytes = text.getBytes(StandardCharsets.ISO_8859_1);
    bytes = new byte[headBytes.length + body.length];
    System.arraycopy(headBytes, 0, bytes, 0, headBytes.length);
    System.arraycopy(body, 0, bytes, headBytes.length, body.length);
  }

  /**
   * A request without body.
   *
   * @param target path and query, in which {@code {key}} stands for ten digits
   */
  public static RequestTemplate get(String target) {
    return new RequestTemplate("GET " + target + " HTTP/1.1\r\nHost: bench\r\n\r\n", new byte[0]);
  }

  /**
   * A PUT of a JSON value.
   *
   * @param target path and query, in which {@code {key}} stands for ten digits and {@code {ttl}},
   *     which must follow it, for five
   */
  public static RequestTemplate put(String target, String json) {
    return put(target, "", json);
  }

  /**
   * A PUT of a JSON value with further headers.
   *
   * @param headers whole lines, in which {@code {nonce}} stands for a word that no other request
   *     has, of this template or of another
   */
  public static RequestTemplate put(String target, String headers, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        ("PUT " + target + " HTTP/1.1\r\nHost: bench\r\n")
            + headers
            + "Content-Type: application/json\r\n"
            + ("Content-Length: " + body.length + "\r\n\r\n");
    return new RequestTemplate(head, body);
  }

  /** A copy of the request for one connection. */
  ByteBuffer copy() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
    buffer.put(bytes);
    return buffer.flip();
  }

  /** Writes the digits into a copy and makes it ready to be sent. */
  void patch(ByteBuffer copy, long key, long ttlMillis) {
    digits(copy, keyOffset, KEY_DIGITS, key);
    digits(copy, ttlOffset, TTL_DIGITS, ttlMillis);
    digits(copy, nonceOffset, KEY_DIGITS, nonce.incrementAndGet());
    copy.rewind();
  }

  private static void digits(ByteBuffer copy, int offset, int count, long number) {
    if (offset < 0) {
      return;
    }
    long rest = number;
    for (int i = offset + count - 1; i >= offset; i--) {
      copy.put(i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
  }
}
