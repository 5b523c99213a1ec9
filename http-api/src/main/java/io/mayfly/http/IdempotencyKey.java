package io.mayfly.http;

import io.mayfly.protocol.entry.RetryKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code Idempotency-Key} header (draft-ietf-httpapi-idempotency-key-header). */
final class IdempotencyKey {
  private IdempotencyKey() {}

  /**
   * By what a retry of this request is recognized; absent when it names no key.
   *
   * @param keepsValue whether the answer will show the value
   */
  static @Nullable RetryKey of(
      RequestHeaders headers, List<String> segments, Body body, boolean keepsValue) {
    String header = headers.idempotencyKey();
    if (header == null) {
      return null;
    }
    Fingerprint fingerprint = new Fingerprint().with(headers.method());
    segments.forEach(fingerprint::with);
    fingerprint.with(RequestTarget.rawQuery(headers.rawTarget()));
    fingerprint.with(String.valueOf(headers.ifMatch()));
    fingerprint.with(String.valueOf(headers.ifNoneMatch()));
    headers.ofMayfly().forEach(fingerprint::with);
    return new RetryKey(text(header), fingerprint.with(body.array()).text(), keepsValue);
  }

  /** The key without its quotes: 1 to 128 visible characters. */
  static String text(String header) {
    String text = header.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    String key = quoted ? text.substring(1, text.length() - 1) : text;
    boolean valid = !key.isEmpty() && key.length() <= RetryKey.LENGTH_MAX;
    for (int i = 0; valid && i < key.length(); i++) {
      char c = key.charAt(i);
      valid = c > ' ' && c < 0x7F && c != '"';
    }
    if (!valid) {
      throw RequestHeaders.invalid("Idempotency-Key", "expected 1 to 128 visible ASCII characters");
    }
    return key;
  }
}
