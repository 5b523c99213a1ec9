package io.mayfly.testkit;

import io.mayfly.actors.entry.Decision;
import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.actors.entry.EntryState;
import io.mayfly.actors.entry.Situation;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * One key under a contract and a clock that only {@link #advance} moves. It decides as a server
 * does, keeps its events in a journal of its own, and ends at its deadline as punctually as a timer
 * without delay would. Not for use by several threads.
 */
public final class SimulatedKey {
  /** When the clock of {@link #under(Contract)} starts. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final EntryId id;
  private final Contract contract;
  private final List<EntryEvent> journal = new ArrayList<>();
  private final List<EntryEvent.Ended> ends = new ArrayList<>();
  private EntryState state = EntryState.initial();
  private Instant now;
  private long purgedIncarnation;

  /** A key that does not exist yet, at an instant. */
  public SimulatedKey(EntryId id, Contract contract, Instant start) {
    this.id = id;
    this.contract = contract;
    this.now = start;
  }

  /** A key of any name that does not exist yet, at {@link #START}. */
  public static SimulatedKey under(Contract contract) {
    return new SimulatedKey(new EntryId("simulated", "key"), contract, START);
  }

  /** The virtual clock. */
  public InstantSource clock() {
    return () -> now;
  }

  /** Sends any command, and answers once its events are in the journal. */
  public EntryReply send(EntryCommand command) {
    long nowMillis = now.toEpochMilli();
    Decision decision =
        state.decide(
            command,
            new Situation(id, contract, ValueRule.NONE, nowMillis, nowMillis, purgedIncarnation));
    decision.events().forEach(this::persist);
    return decision.reply();
  }

  /** Creates or replaces. */
  public EntryReply put(Value value, Terms terms) {
    return send(new EntryCommand.Put(value, null, terms));
  }

  /** Reads the current value, which renews it under a sliding contract. */
  public EntryReply get() {
    return send(EntryCommand.Read.CURRENT);
  }

  /** Changes a part of the value. */
  public EntryReply patch(Change change, Terms terms) {
    return send(new EntryCommand.Patch(change, terms));
  }

  /** Adds to a number, or creates it as {@code initial + by}. */
  public EntryReply increment(Value by, Value initial, Terms terms) {
    return send(new EntryCommand.Increment(by, initial, terms));
  }

  /** Renews the deadline. */
  public EntryReply touch(Terms terms) {
    return send(new EntryCommand.Touch(terms));
  }

  /** Ends the entry. */
  public EntryReply delete(Terms terms) {
    return send(new EntryCommand.Delete(terms));
  }

  /** Brings an older value back as a new revision. */
  public EntryReply rollback(long toRevision, Terms terms) {
    return send(new EntryCommand.Rollback(toRevision, terms));
  }

  /**
   * Moves the clock forward, through every deadline on the way.
   *
   * @param duration zero or more; whole milliseconds
   */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("advance: " + duration + " (expected: not negative)");
    }
    Instant target = now.plusMillis(duration.toMillis());
    while (state.wakeAtMillis() != 0 && state.wakeAtMillis() <= target.toEpochMilli()) {
      now = Instant.ofEpochMilli(Math.max(now.toEpochMilli(), state.wakeAtMillis()));
      send(EntryCommand.Settle.NOW);
    }
    now = target;
  }

  /** Drops what is in memory and replays the journal, which a volatile key does not have. */
  public void crash() {
    if (contract.durability() == Durability.VOLATILE) {
      journal.clear();
    }
    state = EntryState.initial();
    for (EntryEvent event : journal) {
      state = event.applyTo(state);
    }
  }

  /** What the key tells of its life, newest last; empty when it is unknown. */
  public List<HistoryEvent> history() {
    return send(new EntryCommand.ReadHistory(Integer.MAX_VALUE)) instanceof EntryReply.Story story
        ? story.events()
        : List.of();
  }

  /** Every end so far, over all incarnations; a purge does not remove them from here. */
  public List<EntryEvent.Ended> terminalEvents() {
    return List.copyOf(ends);
  }

  private void persist(EntryEvent event) {
    journal.add(event);
    state = event.applyTo(state);
    if (event instanceof EntryEvent.Ended ended) {
      ends.add(ended);
    }
    if (event instanceof EntryEvent.Purged) {
      journal.clear();
      purgedIncarnation = Math.max(purgedIncarnation, event.fact().version().incarnation());
    }
  }
}
