package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.Value;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a request with an idempotency key.
 *
 * @param key 1 to 128 visible characters
 * @param fingerprint what the request was
 * @param atMillis the instant from which its window counts
 * @param receipt as it was given; its instants are whole milliseconds
 * @param value the value that the answer showed; absent where it showed none
 */
record Answer(
    String key, String fingerprint, long atMillis, Receipt receipt, @Nullable Value value) {

  /** The bytes of the value that it showed. */
  int size() {
    return value == null ? 0 : value.size();
  }

  /** The same answer, which has forgotten its value. */
  Answer withoutValue() {
    return value == null ? this : new Answer(key, fingerprint, atMillis, receipt, null);
  }
}
