package io.mayfly.actors.entry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Version;
import java.util.function.Supplier;

/** What is known of a key. Each state decides every command; see the package for the chart. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = EntryState.Absent.class, name = "absent"),
  @JsonSubTypes.Type(value = EntryState.Pending.class, name = "pending"),
  @JsonSubTypes.Type(value = EntryState.Live.class, name = "live"),
  @JsonSubTypes.Type(value = EntryState.Ended.class, name = "ended"),
})
public sealed interface EntryState extends EntryCommand.Cases<Situation, Decision>, WireMessage {

  /** Nothing is known of the key, and nothing was purged. */
  static EntryState initial() {
    return new Absent(0);
  }

  /** The story so far. */
  Story story();

  /** When the clock next changes something that must be persisted, or 0 for never. */
  long wakeAtMillis();

  /** Decides a command. Pure: the same arguments always give the same decision. */
  default Decision decide(EntryCommand command, Situation situation) {
    return command.match(this, situation);
  }

  /**
   * The state of a life: live, or pending while its not-before instant lies ahead. A life without
   * such an instant is live under any clock, also one that went back behind the creation.
   */
  static EntryState standing(Life life, Story story, long nowMillis) {
    boolean early = life.validFromMillis() > nowMillis;
    return early && life.hasNotBefore() ? new Pending(life, story) : new Live(life, story);
  }

  /** An incarnation that has not ended. */
  sealed interface Standing extends EntryState permits Pending, Live {
    /** The current revision. */
    Life life();

    @Override
    default long wakeAtMillis() {
      return life().expiresAtMillis();
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
    public long wakeAtMillis() {
      return 0;
    }

    @Override
    public Decision put(EntryCommand.Put command, Situation situation) {
      return Births.put(command, purgedIncarnation, 0, situation);
    }

    @Override
    public Decision increment(EntryCommand.Increment command, Situation situation) {
      return Births.increment(command, purgedIncarnation, 0, situation);
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
  record Pending(Life life, Story story) implements Standing {
    private boolean valid(Situation situation) {
      return situation.nowMillis() >= life.validFromMillis();
    }

    private Decision unlessEarly(EntryCommand command, Situation situation) {
      return valid(situation)
          ? new Live(life, story).decide(command, situation)
          : Decision.answer(Refusals.notYetValid(life, situation));
    }

    @Override
    public Decision put(EntryCommand.Put command, Situation situation) {
      return new Live(life, story).put(command, situation);
    }

    @Override
    public Decision delete(EntryCommand.Delete command, Situation situation) {
      return new Live(life, story).delete(command, situation);
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
      return new Live(life, story).end(command, situation);
    }

    @Override
    public Decision read(EntryCommand.Read command, Situation situation) {
      return unlessEarly(command, situation);
    }

    @Override
    public Decision readHistory(EntryCommand.ReadHistory command, Situation situation) {
      return new Live(life, story).readHistory(command, situation);
    }

    @Override
    public Decision settle(EntryCommand.Settle command, Situation situation) {
      return new Live(life, story).settle(command, situation);
    }
  }

  /** An incarnation whose value can be read until its deadline. */
  record Live(Life life, Story story) implements Standing {
    /** Ends the incarnation first when it is overdue, then decides in the state that results. */
    private Decision unlessOverdue(
        EntryCommand command, Situation situation, Supplier<Decision> live) {
      if (!life.overdue(situation)) {
        return live.get();
      }
      EntryEvent.Ended end = Ends.expired(life, situation);
      return end.applyTo(this).decide(command, situation).after(end);
    }

    /** Checks what every mutation of a live entry must meet, then mutates. */
    private Decision mutate(
        EntryCommand command, Terms terms, Situation situation, Supplier<Decision> mutation) {
      return unlessOverdue(
          command,
          situation,
          () ->
              terms.precondition().holds(life.version())
                  ? mutation.get()
                  : Decision.answer(Refusals.about(Reason.PRECONDITION_FAILED, life)));
    }

    @Override
    public Decision put(EntryCommand.Put command, Situation situation) {
      return mutate(
          command, command.terms(), situation, () -> Mutations.put(life, command, situation));
    }

    @Override
    public Decision patch(EntryCommand.Patch command, Situation situation) {
      return mutate(
          command, command.terms(), situation, () -> Mutations.patch(life, command, situation));
    }

    @Override
    public Decision increment(EntryCommand.Increment command, Situation situation) {
      return mutate(
          command, command.terms(), situation, () -> Mutations.increment(life, command, situation));
    }

    @Override
    public Decision touch(EntryCommand.Touch command, Situation situation) {
      return mutate(
          command, command.terms(), situation, () -> Mutations.touch(life, command, situation));
    }

    @Override
    public Decision delete(EntryCommand.Delete command, Situation situation) {
      return mutate(
          command, command.terms(), situation, () -> Ends.delete(life, command, situation));
    }

    @Override
    public Decision rollback(EntryCommand.Rollback command, Situation situation) {
      return mutate(
          command,
          command.terms(),
          situation,
          () -> Mutations.rollback(life, story, command, situation));
    }

    @Override
    public Decision end(EntryCommand.End command, Situation situation) {
      return unlessOverdue(command, situation, () -> Ends.end(life, command, situation));
    }

    @Override
    public Decision read(EntryCommand.Read command, Situation situation) {
      return unlessOverdue(command, situation, () -> Reads.read(life, story, command, situation));
    }

    @Override
    public Decision readHistory(EntryCommand.ReadHistory command, Situation situation) {
      return unlessOverdue(command, situation, () -> Reads.history(story, command));
    }

    @Override
    public Decision settle(EntryCommand.Settle command, Situation situation) {
      return unlessOverdue(command, situation, () -> Decision.answer(EntryReply.Settled.INSTANCE));
    }
  }

  /**
   * A tombstone: the incarnation ended, and late requests are told so.
   *
   * @param version the version of the end
   */
  record Ended(
      Version version, EndReason reason, long endedAtMillis, long purgeAtMillis, Story story)
      implements EntryState {
    @Override
    public long wakeAtMillis() {
      return purgeAtMillis;
    }

    /** Purges the tombstone first when its time has passed. */
    private Decision unlessForgotten(
        EntryCommand command, Situation situation, Supplier<Decision> ended) {
      if (situation.nowMillis() < purgeAtMillis) {
        return ended.get();
      }
      EntryEvent.Purged purge = Ends.purged(this, situation);
      return purge.applyTo(this).decide(command, situation).after(purge);
    }

    private Decision refuse(EntryCommand command, Situation situation) {
      return unlessForgotten(command, situation, () -> Decision.answer(Refusals.ended(this)));
    }

    @Override
    public Decision put(EntryCommand.Put command, Situation situation) {
      return unlessForgotten(
          command,
          situation,
          () -> Births.put(command, version.incarnation(), purgeAtMillis, situation));
    }

    @Override
    public Decision increment(EntryCommand.Increment command, Situation situation) {
      return unlessForgotten(
          command,
          situation,
          () -> Births.increment(command, version.incarnation(), purgeAtMillis, situation));
    }

    @Override
    public Decision patch(EntryCommand.Patch command, Situation situation) {
      return refuse(command, situation);
    }

    @Override
    public Decision touch(EntryCommand.Touch command, Situation situation) {
      return refuse(command, situation);
    }

    @Override
    public Decision delete(EntryCommand.Delete command, Situation situation) {
      return refuse(command, situation);
    }

    @Override
    public Decision rollback(EntryCommand.Rollback command, Situation situation) {
      return refuse(command, situation);
    }

    @Override
    public Decision end(EntryCommand.End command, Situation situation) {
      return settle(EntryCommand.Settle.NOW, situation);
    }

    @Override
    public Decision read(EntryCommand.Read command, Situation situation) {
      return refuse(command, situation);
    }

    @Override
    public Decision readHistory(EntryCommand.ReadHistory command, Situation situation) {
      return unlessForgotten(command, situation, () -> Reads.history(story, command));
    }

    @Override
    public Decision settle(EntryCommand.Settle command, Situation situation) {
      return unlessForgotten(
          command, situation, () -> Decision.answer(EntryReply.Settled.INSTANCE));
    }
  }
}
