package io.mayfly.actors.entry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.Accounted;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of a key. Each state decides every command; see the package for the chart. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = EntryState.Absent.class, name = "absent"),
  @JsonSubTypes.Type(value = EntryState.Pending.class, name = "pending"),
  @JsonSubTypes.Type(value = EntryState.Live.class, name = "live"),
  @JsonSubTypes.Type(value = EntryState.Ended.class, name = "ended"),
})
public sealed interface EntryState
    extends EntryCommand.Cases<Situation, Decision>, WireMessage, Accounted {

  /** Nothing is known of the key, and nothing was purged. */
  static EntryState initial() {
    return new Absent(0);
  }

  /** The story so far. */
  Story story();

  /** What the key remembers of requests. */
  Memory memory();

  /** The life that stands; absent when none does. */
  @Nullable Life current();

  /** The last incarnation that is known here, or 0. */
  long lastIncarnation();

  /** The event that the clock has brought about by now; absent when there is none. */
  @Nullable EntryEvent due(Situation situation);

  /** When the clock next changes something that must be persisted, or 0 for never. */
  long wakeAtMillis();

  /** For when the ledger has the key's wake-up: then or before; 0 for never. */
  default long alarmMillis() {
    return wakeAtMillis();
  }

  @Override
  default Account account(EntryId id) {
    Life life = current();
    return new Account(
        life == null ? null : life.row(id),
        alarmMillis() == 0 ? null : Instant.ofEpochMilli(alarmMillis()));
  }

  /**
   * Decides a command, after what the clock has brought about. Pure: the same arguments always give
   * the same decision.
   */
  default Decision decide(EntryCommand command, Situation situation) {
    EntryEvent due = due(situation);
    if (due != null) {
      return due.applyTo(this).decide(command, situation).after(due);
    }
    return command instanceof EntryCommand.Mutating mutation
        ? Guard.around(this, mutation, situation, () -> command.match(this, situation))
        : command.match(this, situation);
  }

  /**
   * The state of a life: live, or pending while its not-before instant lies ahead. A life without
   * such an instant is live under any clock, also one that went back behind the creation.
   */
  static EntryState standing(Life life, Story story, Memory memory, long nowMillis) {
    boolean early = life.validFromMillis() > nowMillis;
    return early && life.hasNotBefore()
        ? new Pending(life, story, memory)
        : new Live(life, story, memory);
  }

  /** An incarnation that has not ended. */
  sealed interface Standing extends EntryState permits Pending, Live {
    /** The current revision. */
    Life life();

    @Override
    default Life current() {
      return life();
    }

    @Override
    default long lastIncarnation() {
      return life().version().incarnation();
    }

    @Override
    default @Nullable EntryEvent due(Situation situation) {
      return life().overdue(situation) ? Ends.expired(life(), situation) : null;
    }

    @Override
    default long wakeAtMillis() {
      return life().expiresAtMillis();
    }

    @Override
    default long alarmMillis() {
      return life().alarmMillis();
    }
  }

  /**
   * No incarnation, and no tombstone.
   *
   * @param purgedIncarnation the last incarnation of the key, while this actor remembers it, or 0
   */
  record Absent(long purgedIncarnation) implements EntryState {
    @Override
    public Story story() {
      return Story.EMPTY;
    }

    @Override
    public Memory memory() {
      return Memory.NONE;
    }

    @Override
    public @Nullable Life current() {
      return null;
    }

    @Override
    public long lastIncarnation() {
      return purgedIncarnation;
    }

    @Override
    public @Nullable EntryEvent due(Situation situation) {
      return null;
    }

    @Override
    public long wakeAtMillis() {
      return 0;
    }

    @Override
    public Decision put(EntryCommand.Put command, Situation situation) {
      return Guard.ifMet(
          this, command.terms(), situation, () -> Births.put(this, command, situation));
    }

    @Override
    public Decision increment(EntryCommand.Increment command, Situation situation) {
      return Guard.ifMet(
          this, command.terms(), situation, () -> Births.increment(this, command, situation));
    }

    @Override
    public Decision patch(EntryCommand.Patch command, Situation situation) {
      return Decision.answer(Refusals.UNKNOWN_KEY);
    }

    @Override
    public Decision touch(EntryCommand.Touch command, Situation situation) {
      return Decision.answer(Refusals.UNKNOWN_KEY);
    }

    @Override
    public Decision delete(EntryCommand.Delete command, Situation situation) {
      return Decision.answer(Refusals.UNKNOWN_KEY);
    }

    @Override
    public Decision rollback(EntryCommand.Rollback command, Situation situation) {
      return Decision.answer(Refusals.UNKNOWN_KEY);
    }

    @Override
    public Decision end(EntryCommand.End command, Situation situation) {
      return Decision.answer(EntryReply.Settled.INSTANCE);
    }

    @Override
    public Decision read(EntryCommand.Read command, Situation situation) {
      return Decision.answer(Refusals.UNKNOWN_KEY);
    }

    @Override
    public Decision readHistory(EntryCommand.ReadHistory command, Situation situation) {
      return Decision.answer(Refusals.UNKNOWN_KEY);
    }

    @Override
    public Decision settle(EntryCommand.Settle command, Situation situation) {
      return Decision.answer(EntryReply.Settled.INSTANCE);
    }
  }

  /** An incarnation whose not-before instant lies, or lay when it was written, ahead. */
  record Pending(Life life, Story story, Memory memory) implements Standing {
    /** Written before there was a memory: nothing to remember. */
    public Pending {
      memory = memory == null ? Memory.NONE : memory;
    }

    private Live live() {
      return new Live(life, story, memory);
    }

    private boolean valid(Situation situation) {
      return situation.nowMillis() >= life.validFromMillis();
    }

    private Decision unlessEarly(EntryCommand command, Situation situation) {
      return valid(situation)
          ? command.match(live(), situation)
          : Decision.answer(Refusals.notYetValid(life, situation));
    }

    @Override
    public Decision put(EntryCommand.Put command, Situation situation) {
      return live().put(command, situation);
    }

    @Override
    public Decision delete(EntryCommand.Delete command, Situation situation) {
      return live().delete(command, situation);
    }

    @Override
    public Decision increment(EntryCommand.Increment command, Situation situation) {
      return unlessEarly(command, situation);
    }

    @Override
    public Decision patch(EntryCommand.Patch command, Situation situation) {
      return unlessEarly(command, situation);
    }

    @Override
    public Decision touch(EntryCommand.Touch command, Situation situation) {
      return unlessEarly(command, situation);
    }

    @Override
    public Decision rollback(EntryCommand.Rollback command, Situation situation) {
      return unlessEarly(command, situation);
    }

    @Override
    public Decision end(EntryCommand.End command, Situation situation) {
      return live().end(command, situation);
    }

    @Override
    public Decision read(EntryCommand.Read command, Situation situation) {
      return unlessEarly(command, situation);
    }

    @Override
    public Decision readHistory(EntryCommand.ReadHistory command, Situation situation) {
      return live().readHistory(command, situation);
    }

    @Override
    public Decision settle(EntryCommand.Settle command, Situation situation) {
      return live().settle(command, situation);
    }
  }

  /** An incarnation whose value can be read until its deadline. */
  record Live(Life life, Story story, Memory memory) implements Standing {
    /** Written before there was a memory: nothing to remember. */
    public Live {
      memory = memory == null ? Memory.NONE : memory;
    }

    @Override
    public Decision put(EntryCommand.Put command, Situation situation) {
      return Guard.ifMet(
          this, command.terms(), situation, () -> Mutations.put(life, memory, command, situation));
    }

    @Override
    public Decision patch(EntryCommand.Patch command, Situation situation) {
      return Guard.ifMet(
          this, command.terms(), situation, () -> Mutations.patch(life, command, situation));
    }

    @Override
    public Decision increment(EntryCommand.Increment command, Situation situation) {
      return Guard.ifMet(
          this, command.terms(), situation, () -> Mutations.increment(life, command, situation));
    }

    @Override
    public Decision touch(EntryCommand.Touch command, Situation situation) {
      return Guard.ifMet(
          this, command.terms(), situation, () -> Mutations.touch(life, command, situation));
    }

    @Override
    public Decision delete(EntryCommand.Delete command, Situation situation) {
      return Guard.ifMet(
          this, command.terms(), situation, () -> Ends.delete(life, command, situation));
    }

    @Override
    public Decision rollback(EntryCommand.Rollback command, Situation situation) {
      return Guard.ifMet(
          this,
          command.terms(),
          situation,
          () -> Mutations.rollback(life, story, command, situation));
    }

    @Override
    public Decision end(EntryCommand.End command, Situation situation) {
      return Ends.end(life, command, situation);
    }

    @Override
    public Decision read(EntryCommand.Read command, Situation situation) {
      return Reads.read(life, story, memory, command, situation);
    }

    @Override
    public Decision readHistory(EntryCommand.ReadHistory command, Situation situation) {
      return Reads.history(story, command);
    }

    @Override
    public Decision settle(EntryCommand.Settle command, Situation situation) {
      return life.wokenEarly(situation)
          ? Decision.of(EntryEvent.Deferred.of(life, situation), EntryReply.Settled.INSTANCE)
          : Decision.answer(EntryReply.Settled.INSTANCE);
    }
  }

  /**
   * A tombstone: the incarnation ended, and late requests are told so.
   *
   * @param version the version of the end
   */
  record Ended(
      Version version,
      EndReason reason,
      long endedAtMillis,
      long purgeAtMillis,
      Story story,
      Memory memory)
      implements EntryState {
    /** Written before there was a memory: nothing to remember. */
    public Ended {
      memory = memory == null ? Memory.NONE : memory;
    }

    Ended with(Memory other) {
      return new Ended(version, reason, endedAtMillis, purgeAtMillis, story, other);
    }

    @Override
    public @Nullable Life current() {
      return null;
    }

    @Override
    public long lastIncarnation() {
      return version.incarnation();
    }

    @Override
    public @Nullable EntryEvent due(Situation situation) {
      return situation.nowMillis() < purgeAtMillis ? null : Ends.purged(this, situation);
    }

    @Override
    public long wakeAtMillis() {
      return purgeAtMillis;
    }

    @Override
    public Decision put(EntryCommand.Put command, Situation situation) {
      return Guard.ifMet(
          this, command.terms(), situation, () -> Births.put(this, command, situation));
    }

    @Override
    public Decision increment(EntryCommand.Increment command, Situation situation) {
      return Guard.ifMet(
          this, command.terms(), situation, () -> Births.increment(this, command, situation));
    }

    @Override
    public Decision patch(EntryCommand.Patch command, Situation situation) {
      return Decision.answer(Refusals.ended(this));
    }

    @Override
    public Decision touch(EntryCommand.Touch command, Situation situation) {
      return Decision.answer(Refusals.ended(this));
    }

    @Override
    public Decision delete(EntryCommand.Delete command, Situation situation) {
      return Decision.answer(Refusals.ended(this));
    }

    @Override
    public Decision rollback(EntryCommand.Rollback command, Situation situation) {
      return Decision.answer(Refusals.ended(this));
    }

    @Override
    public Decision end(EntryCommand.End command, Situation situation) {
      return Decision.answer(EntryReply.Settled.INSTANCE);
    }

    @Override
    public Decision read(EntryCommand.Read command, Situation situation) {
      return Decision.answer(Refusals.ended(this));
    }

    @Override
    public Decision readHistory(EntryCommand.ReadHistory command, Situation situation) {
      return Reads.history(story, command);
    }

    @Override
    public Decision settle(EntryCommand.Settle command, Situation situation) {
      return Decision.answer(EntryReply.Settled.INSTANCE);
    }
  }
}
