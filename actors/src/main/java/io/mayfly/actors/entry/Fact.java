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
 * @param alarmMillis the wake-up of a standing entry that the ledger had before the event; 0 when
 *     there was none, or exactly {@code wakeBeforeMillis}
 */
public record Fact(
    EntryId id,
    Version version,
    long atMillis,
    Origin origin,
    long wakeBeforeMillis,
    int keep,
    boolean forced,
    @Nullable Mark mark,
    long alarmMillis) {

  /** The wake-up that the ledger had before the event, or 0. */
  long alarmBeforeMillis() {
    return alarmMillis == 0 ? wakeBeforeMillis : alarmMillis;
  }

  /**
   * The wake-up that the ledger has after the event. One that would come too early stays: most
   * deadlines move out many times before one is reached, and each move costs two rows.
   */
  long alarmAfterMillis(long deadlineMillis) {
    return alarmMillis == 0 ? deadlineMillis : Math.min(alarmMillis, deadlineMillis);
  }

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
        mark == null ? null : mark.withOwn(own),
        alarmMillis);
  }

  /** What a life goes on to. */
  static Fact of(Version version, Terms terms, Life life, Situation situation) {
    return of(version, terms, life.expiresAtMillis(), life.alarmMillis(), situation);
  }

  /** What becomes of a key without a life. */
  static Fact of(Version version, Terms terms, long wakeBeforeMillis, Situation situation) {
    return of(version, terms, wakeBeforeMillis, /* alarmMillis= */ 0, situation);
  }

  private static Fact of(
      Version version, Terms terms, long wakeBeforeMillis, long alarmMillis, Situation situation) {
    return new Fact(
        situation.id(),
        version,
        situation.nowMillis(),
        terms.origin(),
        wakeBeforeMillis,
        situation.contract().history().revisions(),
        situation.forced(),
        Mark.of(terms, situation),
        alarmMillis);
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
