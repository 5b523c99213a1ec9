package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;

/**
 * By what a retry is recognized: the idempotency key of the request, and what the request was.
 *
 * @param key 1 to 128 visible characters
 * @param fingerprint the first 128 bits of a SHA-256 over method, path, query, body and the headers
 *     that belong to the request, as 22 characters of base64url
 * @param keepsValue whether the answer shows the value, so that it must be remembered with it
 */
public record RetryKey(String key, String fingerprint, boolean keepsValue) implements WireMessage {
  /** The most characters of a key. */
  public static final int LENGTH_MAX = 128;
}
