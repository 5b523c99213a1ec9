package io.mayfly.actors.entry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.HistoryEvent.Kind;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.Told;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.Recorded;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an entry. An event carries all that replay needs: applying it looks at no clock
 * and no configuration.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = EntryEvent.Created.class, name = "created"),
  @JsonSubTypes.Type(value = EntryEvent.Updated.class, name = "updated"),
  @JsonSubTypes.Type(value = EntryEvent.Renewed.class, name = "renewed"),
  @JsonSubTypes.Type(value = EntryEvent.Slid.class, name = "slid"),
  @JsonSubTypes.Type(value = EntryEvent.Deferred.class, name = "deferred"),
  @JsonSubTypes.Type(value = EntryEvent.Noted.class, name = "noted"),
  @JsonSubTypes.Type(value = EntryEvent.Ended.class, name = "ended"),
  @JsonSubTypes.Type(value = EntryEvent.Purged.class, name = "purged"),
})
public sealed interface EntryEvent extends WireMessage, Recorded, Told {

  /** What every event says. */
  Fact fact();

  /** The state after the event; the only place where a state changes. */
  EntryState applyTo(EntryState state);

  /** The line that history and feed tell of it; absent when they are silent. */
  @Nullable HistoryEvent line();

  @Override
  default @Nullable FeedEvent feedEvent() {
    HistoryEvent line = line();
    return line == null ? null : new FeedEvent.OfEntry(fact().id(), line, brought(), lateMillis());
  }

  /** The value that it brought; absent when it brought none. */
  default @Nullable Value brought() {
    return null;
  }

  /** Of an end, how long after its instant it was stored; else 0. */
  default long lateMillis() {
    return 0;
  }

  @Override
  default boolean forced() {
    return fact().forced();
  }

  /** A new incarnation began. */
  record Created(Fact fact, long validFromMillis, long expiresAtMillis, long ttlMillis, Value value)
      implements EntryEvent {
    @Override
    public EntryState applyTo(EntryState state) {
      if (state instanceof EntryState.Standing) {
        throw misplaced(state, this);
      }
      Life life = life();
      return EntryState.standing(
          life,
          state.story().with(line(), value, fact.keep()),
          fact.remember(state.memory(), life, Outcome.CREATED),
          fact.atMillis());
    }

    @Override
    public HistoryEvent line() {
      return fact.told(Kind.CREATED, Outcome.CREATED, expiresAtMillis);
    }

    @Override
    public Value brought() {
      return value;
    }

    Life life() {
      return new Life(
          fact.version(),
          fact.atMillis(),
          fact.atMillis(),
          validFromMillis,
          expiresAtMillis,
          ttlMillis,
          value,
          fact.origin().traceparent(),
          expiresAtMillis);
    }

    @Override
    public LedgerChange ledgerChange() {
      return moved(fact, null, row(fact, validFromMillis, expiresAtMillis), expiresAtMillis);
    }
  }

  /** The value changed, and perhaps the deadline. */
  record Updated(
      Fact fact,
      Outcome outcome,
      long validFromMillis,
      long expiresAtMillis,
      long ttlMillis,
      Value value)
      implements EntryEvent {
    @Override
    public EntryState applyTo(EntryState state) {
      Life life = after(standing(state, this).life());
      return EntryState.standing(
          life,
          state.story().with(line(), value, fact.keep()),
          fact.remember(state.memory(), life, outcome),
          fact.atMillis());
    }

    @Override
    public HistoryEvent line() {
      return fact.told(Kind.UPDATED, outcome, expiresAtMillis);
    }

    @Override
    public Value brought() {
      return value;
    }

    /** The same event for a value that was merged with others. */
    EntryEvent withOwn(Value own) {
      return new Updated(
          fact.withOwn(own), outcome, validFromMillis, expiresAtMillis, ttlMillis, value);
    }

    Life after(Life before) {
      return new Life(
          fact.version(),
          before.createdAtMillis(),
          fact.atMillis(),
          validFromMillis,
          expiresAtMillis,
          ttlMillis,
          value,
          before.traceparent(),
          fact.alarmAfterMillis(expiresAtMillis));
    }

    @Override
    public LedgerChange ledgerChange() {
      return replaced(fact, validFromMillis, expiresAtMillis);
    }
  }

  /** A client renewed the deadline and left the value alone. */
  record Renewed(Fact fact, long validFromMillis, long expiresAtMillis, long ttlMillis)
      implements EntryEvent {
    @Override
    public EntryState applyTo(EntryState state) {
      Life life = after(standing(state, this).life());
      return EntryState.standing(
          life,
          state.story().with(line(), life.value(), fact.keep()),
          fact.remember(state.memory(), life, Outcome.RENEWED),
          fact.atMillis());
    }

    @Override
    public HistoryEvent line() {
      return fact.told(Kind.RENEWED, Outcome.RENEWED, expiresAtMillis);
    }

    Life after(Life before) {
      return new Life(
          fact.version(),
          before.createdAtMillis(),
          fact.atMillis(),
          validFromMillis,
          expiresAtMillis,
          ttlMillis,
          before.value(),
          before.traceparent(),
          fact.alarmAfterMillis(expiresAtMillis));
    }

    @Override
    public LedgerChange ledgerChange() {
      return replaced(fact, validFromMillis, expiresAtMillis);
    }
  }

  /** Use moved the deadline of a sliding entry: no new revision, no part of the story. */
  record Slid(Fact fact, long validFromMillis, long expiresAtMillis) implements EntryEvent {
    @Override
    public EntryState applyTo(EntryState state) {
      return until(state, this, expiresAtMillis, fact.alarmAfterMillis(expiresAtMillis));
    }

    @Override
    public @Nullable HistoryEvent line() {
      return null;
    }

    @Override
    public LedgerChange ledgerChange() {
      return replaced(fact, validFromMillis, expiresAtMillis);
    }
  }

  /**
   * The ledger woke the key before its deadline, which had moved out: no new revision, no part of
   * the story. From now on the ledger has the deadline.
   */
  record Deferred(Fact fact, long validFromMillis, long expiresAtMillis) implements EntryEvent {
    static Deferred of(Life life, Situation situation) {
      return new Deferred(
          Fact.of(life.version(), Terms.NONE, life, situation),
          life.validFromMillis(),
          life.expiresAtMillis());
    }

    @Override
    public EntryState applyTo(EntryState state) {
      return until(state, this, expiresAtMillis, expiresAtMillis);
    }

    @Override
    public @Nullable HistoryEvent line() {
      return null;
    }

    @Override
    public LedgerChange ledgerChange() {
      return moved(
          fact, previous(fact), row(fact, validFromMillis, expiresAtMillis), expiresAtMillis);
    }
  }

  /**
   * Something must be remembered of a request that changed nothing: no new revision, no part of the
   * story. With an idempotency key, the answer was that nothing changed.
   */
  record Noted(Fact fact) implements EntryEvent {
    static Noted of(EntryState state, Terms terms, Situation situation) {
      Version version =
          state instanceof EntryState.Ended ended
              ? ended.version()
              : Objects.requireNonNull(state.current()).version();
      return new Noted(Fact.of(version, terms, state.wakeAtMillis(), situation));
    }

    @Override
    public EntryState applyTo(EntryState state) {
      return state instanceof EntryState.Ended ended
          ? ended.with(fact.remember(ended.memory()))
          : remembering(standing(state, this));
    }

    private EntryState remembering(EntryState.Standing standing) {
      Memory memory = fact.remember(standing.memory(), standing.life(), Outcome.UNCHANGED);
      return EntryState.standing(standing.life(), standing.story(), memory, fact.atMillis());
    }

    @Override
    public @Nullable HistoryEvent line() {
      return null;
    }

    @Override
    public LedgerChange ledgerChange() {
      return LedgerChange.NONE;
    }
  }

  /**
   * The incarnation ended: the one terminal event.
   *
   * @param endedAtMillis the instant from which the value is unreadable: the deadline of an expired
   *     entry. The lateness of the event is its own instant minus this one
   * @param purgeAtMillis when the tombstone has stood long enough
   */
  record Ended(Fact fact, EndReason reason, long endedAtMillis, long purgeAtMillis)
      implements EntryEvent {
    @Override
    public EntryState applyTo(EntryState state) {
      Life life = standing(state, this).life();
      Story story = state.story().withoutValues().with(line(), null, fact.keep());
      return new EntryState.Ended(
          fact.version(), reason, endedAtMillis, purgeAtMillis, story, memory(state, life));
    }

    @Override
    public HistoryEvent line() {
      return new HistoryEvent(
          fact.version(),
          Instant.ofEpochMilli(fact.atMillis()),
          Kind.ENDED,
          reason == EndReason.DELETED ? Outcome.DELETED : null,
          fact.origin(),
          null,
          reason);
    }

    @Override
    public long lateMillis() {
      return fact.atMillis() - endedAtMillis;
    }

    private Memory memory(EntryState state, Life life) {
      Mark mark = fact.mark();
      Memory memory =
          mark == null
              ? state.memory()
              : state
                  .memory()
                  .after(
                      mark,
                      fact.origin().producer(),
                      fact.atMillis(),
                      receipt(life, mark.durability()),
                      /* value= */ null);
      return memory.withoutUpdatedValues();
    }

    /** What the client is told who deleted this life. */
    Receipt receipt(Life life, Durability durability) {
      Instant at = Instant.ofEpochMilli(fact.atMillis());
      return new Receipt(
          fact.version(),
          Instant.ofEpochMilli(life.createdAtMillis()),
          at,
          at,
          durability,
          Outcome.DELETED);
    }

    @Override
    public LedgerChange ledgerChange() {
      return moved(fact, previous(fact), null, purgeAtMillis);
    }
  }

  /** The tombstone has stood long enough: nothing of the key remains. */
  record Purged(Fact fact) implements EntryEvent {
    @Override
    public EntryState applyTo(EntryState state) {
      return new EntryState.Absent(fact.version().incarnation());
    }

    @Override
    public @Nullable HistoryEvent line() {
      return null;
    }

    @Override
    public LedgerChange ledgerChange() {
      return new LedgerChange(
          null, null, instant(fact.wakeBeforeMillis()), null, fact.version().incarnation());
    }
  }

  /** The same life until another deadline, with another wake-up in the ledger. */
  private static EntryState until(
      EntryState state, EntryEvent event, long expiresAtMillis, long alarmMillis) {
    Life life = standing(state, event).life().until(expiresAtMillis, alarmMillis);
    return EntryState.standing(life, state.story(), state.memory(), event.fact().atMillis());
  }

  private static EntryState.Standing standing(EntryState state, EntryEvent event) {
    if (state instanceof EntryState.Standing standing) {
      return standing;
    }
    throw misplaced(state, event);
  }

  private static IllegalStateException misplaced(EntryState state, EntryEvent event) {
    return new IllegalStateException(
        event.getClass().getSimpleName()
            + " of "
            + event.fact().version()
            + " in state "
            + state.getClass().getSimpleName());
  }

  private static LedgerChange moved(
      Fact fact, @Nullable LedgerRow before, @Nullable LedgerRow after, long wakeAfterMillis) {
    return new LedgerChange(
        before, after, instant(fact.alarmBeforeMillis()), instant(wakeAfterMillis), 0);
  }

  /** The row of a standing entry makes way for its next one. */
  private static LedgerChange replaced(Fact fact, long validFromMillis, long expiresAtMillis) {
    return moved(
        fact,
        previous(fact),
        row(fact, validFromMillis, expiresAtMillis),
        fact.alarmAfterMillis(expiresAtMillis));
  }

  /** The row that stood before, until its deadline. */
  private static LedgerRow previous(Fact fact) {
    return row(fact, fact.wakeBeforeMillis(), fact.wakeBeforeMillis());
  }

  private static LedgerRow row(Fact fact, long validFromMillis, long expiresAtMillis) {
    return new LedgerRow(
        fact.id(),
        fact.version(),
        Instant.ofEpochMilli(validFromMillis),
        Instant.ofEpochMilli(expiresAtMillis));
  }

  private static @Nullable Instant instant(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
