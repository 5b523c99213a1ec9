package io.mayfly.actors.lease;

import io.mayfly.actors.recent.Lateness;
import io.mayfly.protocol.contract.Contract.Idempotency;
import io.mayfly.protocol.entry.RetryKey;
import org.jspecify.annotations.Nullable;

/**
 * What a request with an idempotency key asks the resource to remember, together with the event
 * that it caused.
 *
 * @param windowMillis how long answers are remembered from now on
 * @param keys how many answers are remembered from now on
 * @param waitedMillis what was answered in so many milliseconds before the event is remembered in
 *     any number: an earlier attempt may come yet that was taken before
 */
record Mark(String key, String fingerprint, long windowMillis, int keys, int waitedMillis) {
  /** The mark of a request; absent when it has no key. */
  static @Nullable Mark of(@Nullable RetryKey retryKey, Situation situation) {
    if (retryKey == null) {
      return null;
    }
    Idempotency idempotency = situation.contract().idempotency();
    return new Mark(
        retryKey.key(),
        retryKey.fingerprint(),
        idempotency.window().toMillis(),
        idempotency.keys(),
        Lateness.waitedMillis(situation.sinceMillis(), situation.nowMillis()));
  }
}
