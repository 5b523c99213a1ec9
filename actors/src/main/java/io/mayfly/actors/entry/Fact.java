package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.HistoryEvent.Kind;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What every event of an entry says.
 *
 * @param version the version after the event
 * @param wakeBeforeMillis the wake-up that stood before the event, or 0
 * @param keep how many events the story keeps from now on
 * @param forced whether the event must be on disk before it is acknowledged
 * @param mark what the request asks the key to remember; absent when nothing
 */
public record Fact(
    EntryId id,
    Version version,
    long atMillis,
    Origin origin,
    long wakeBeforeMillis,
    int keep,
    boolean forced,
    @Nullable Mark mark) {

  /** The idempotency key of the request; absent when it had none. */
  public @Nullable RetryKey retryKey() {
    return mark == null ? null : mark.retryKey();
  }

  /** The same fact about a value that was merged with others. */
  Fact withOwn(Value own) {
    return new Fact(
        id,
        version,
        atMillis,
        origin,
        wakeBeforeMillis,
        keep,
        forced,
        mark == null ? null : mark.withOwn(own));
  }

  /** What nobody asked for, or only the house did. */
  static Fact of(Version version, Origin origin, long wakeBeforeMillis, Situation situation) {
    return of(version, Terms.NONE.with(origin), wakeBeforeMillis, situation);
  }

  static Fact of(Version version, Terms terms, long wakeBeforeMillis, Situation situation) {
    return new Fact(
        situation.id(),
        version,
        situation.nowMillis(),
        terms.origin(),
        wakeBeforeMillis,
        situation.contract().history().revisions(),
        situation.forced(),
        Mark.of(terms, situation));
  }

  /** The memory after this fact, to which there is no answer to remember. */
  Memory remember(Memory before) {
    return mark == null ? before : before.seen(mark.fence());
  }

  /** The memory after this fact, which the life it led to answered with an outcome. */
  Memory remember(Memory before, Life life, Outcome outcome) {
    return mark == null
        ? before
        : before.after(
            mark,
            origin.producer(),
            atMillis,
            life.receipt(outcome, mark.durability()),
            life.value());
  }

  HistoryEvent told(Kind kind, Outcome outcome, long expiresAtMillis) {
    return new HistoryEvent(
        version,
        Instant.ofEpochMilli(atMillis),
        kind,
        outcome,
        origin,
        Instant.ofEpochMilli(expiresAtMillis),
        null);
  }
}
