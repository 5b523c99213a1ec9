package io.mayfly.actors.entry;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.mayfly.actors.recent.Lateness;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Ordering;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Stamp;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks the key to remember, together with the event that it caused.
 *
 * @param fence the request's fencing token, or 0
 * @param retryKey by which a retry is recognized; absent when the request has none
 * @param windowMillis how long answers are remembered from now on
 * @param keys how many answers are remembered from now on
 * @param waitedMillis what was answered in so many milliseconds before the event is remembered in
 *     any number: an earlier attempt may come yet that was taken before
 * @param durability what the answer said of itself
 * @param stamp the request's place among those of all producers; absent when the contract asks for
 *     none
 * @param own the value that the request brought; absent when it became the entry's value
 */
@JsonSerialize(using = MarkSpelling.Writer.class)
@JsonDeserialize(using = MarkSpelling.Reader.class)
record Mark(
    long fence,
    @Nullable RetryKey retryKey,
    long windowMillis,
    int keys,
    int waitedMillis,
    Durability durability,
    @Nullable Stamp stamp,
    @Nullable Value own) {

  /** The mark of a request; absent when there is nothing to remember. */
  static @Nullable Mark of(Terms terms, Situation situation) {
    Stamp stamp = stamp(terms.stamp(), situation);
    if (terms.fence() == 0 && terms.retryKey() == null && stamp == null) {
      return null;
    }
    Contract contract = situation.contract();
    return new Mark(
        terms.fence(),
        terms.retryKey(),
        contract.idempotency().window().toMillis(),
        contract.idempotency().keys(),
        Lateness.waitedMillis(situation.sinceMillis(), situation.nowMillis()),
        contract.durability(),
        stamp,
        null);
  }

  /** The same mark for a value that was merged with others. */
  Mark withOwn(Value other) {
    return new Mark(fence, retryKey, windowMillis, keys, waitedMillis, durability, stamp, other);
  }

  /** That part of the stamp by which the contract orders. */
  private static @Nullable Stamp stamp(Stamp stamp, Situation situation) {
    Ordering ordering = situation.contract().reconciliation().ordering();
    if (ordering == Ordering.SEQUENCE && stamp.sequence() > 0) {
      return new Stamp(stamp.sequence(), null, null, stamp.keepsValue());
    }
    if (ordering == Ordering.VERSION_VECTOR && stamp.vector() != null) {
      Instant writtenAt = stamp.writtenAt();
      return Stamp.vector(
          stamp.vector(),
          writtenAt == null ? Instant.ofEpochMilli(situation.nowMillis()) : writtenAt);
    }
    return null;
  }
}
