package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Terms;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks the key to remember, together with the event that it caused.
 *
 * @param fence the request's fencing token, or 0
 * @param retryKey by which a retry is recognized; absent when the request has none
 * @param windowMillis how long answers are remembered from now on
 * @param keys how many answers are remembered from now on
 * @param durability what the answer said of itself
 */
record Mark(
    long fence, @Nullable RetryKey retryKey, long windowMillis, int keys, Durability durability) {

  /** The mark of a request; absent when there is nothing to remember. */
  static @Nullable Mark of(Terms terms, Situation situation) {
    if (terms.fence() == 0 && terms.retryKey() == null) {
      return null;
    }
    Contract contract = situation.contract();
    return new Mark(
        terms.fence(),
        terms.retryKey(),
        contract.idempotency().window().toMillis(),
        contract.idempotency().keys(),
        contract.durability());
  }
}
