package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.testkit.planted.PlantedBug;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Bugs of keys. What advice assigns to its parameters goes to the method around it. */
@SuppressWarnings("UnusedVariable")
public final class EntryBugs {
  private EntryBugs() {}

  /** All of them. */
  public static List<PlantedBug> all() {
    return List.of(
        new PlantedBug("early end", Life.class, "overdue", EarlyEnd.class, "never early"),
        new PlantedBug("late end", Life.class, "overdue", LateEnd.class, "never readable late"),
        new PlantedBug(
            "double end",
            EntryEvent.Ended.class,
            "applyTo",
            EndsAgain.class,
            "one terminal event per incarnation"),
        new PlantedBug(
            "deadline shifted by recovery",
            EntryEvent.Created.class,
            "applyTo",
            ShiftedByRecovery.class,
            "deadlines never shift"),
        new PlantedBug(
            "lost fence", Memory.class, "fence", NoFence.class, "no stale fence is accepted"),
        new PlantedBug(
            "reply before persist",
            Steps.class,
            "decide",
            EarlyReply.class,
            "an acknowledgement holds"),
        new PlantedBug(
            "retries not recognized",
            Memory.class,
            "since",
            NothingFound.class,
            "one effect per idempotency key"),
        new PlantedBug(
            "retries forgotten at the end",
            EntryEvent.Ended.class,
            "memory",
            NoAnswers.class,
            "one effect per idempotency key"),
        new PlantedBug(
            "condition ignored", Precondition.class, "holds", Holds.class, "conditions hold"),
        new PlantedBug(
            "tombstone gone early",
            EntryState.Ended.class,
            "due",
            EarlyPurge.class,
            "tombstones stand"),
        new PlantedBug(
            "revision skipped", Version.class, "next", TwoOn.class, "revisions without gap"),
        new PlantedBug(
            "incarnation given twice",
            Situation.class,
            "nextIncarnation",
            FromOne.class,
            "one life after the other"),
        new PlantedBug(
            "increment lost", Numbers.class, "add", NotAdded.class, "an increment adds once"),
        new PlantedBug(
            "sliding without end",
            Deadlines.class,
            "atRenewal",
            Endless.class,
            "no life beyond its total"),
        new PlantedBug(
            "look at an old state", Residents.class, "publish", OnlyOnce.class, "linearizable"),
        new PlantedBug(
            "look after the actor has gone",
            Residents.class,
            "withdraw",
            NotDone.class,
            "linearizable"));
  }

  /** A state as a snapshot has it that forgot about requests. */
  public static Object withoutAnswers(Object state) {
    if (state instanceof EntryState.Ended ended) {
      return ended.with(withoutAnswers(ended.memory()));
    }
    return state instanceof EntryState.Live live
        ? new EntryState.Live(live.life(), live.story(), withoutAnswers(live.memory()))
        : state;
  }

  static Memory withoutAnswers(Memory memory) {
    return new Memory(memory.fence(), Answers.NONE, memory.producers(), memory.updates(), 0);
  }

  static final class EarlyEnd {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) Situation situation,
        @Advice.FieldValue("expiresAtMillis") long expiresAtMillis,
        @Advice.Return(readOnly = false) boolean overdue) {
      overdue = situation.nowMillis() >= expiresAtMillis - 100;
    }
  }

  static final class LateEnd {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) Situation situation,
        @Advice.FieldValue("expiresAtMillis") long expiresAtMillis,
        @Advice.Return(readOnly = false) boolean overdue) {
      overdue = situation.nowMillis() >= expiresAtMillis + 2_000;
    }
  }

  static final class EndsAgain {
    @Advice.OnMethodExit
    static void exit(
        @Advice.This EntryEvent.Ended ended,
        @Advice.Argument(0) EntryState before,
        @Advice.Return(readOnly = false) EntryState after) {
      if (before instanceof EntryState.Live live) {
        Life life = live.life();
        after =
            new EntryState.Live(
                new Life(
                    ended.fact().version(),
                    life.createdAtMillis(),
                    life.updatedAtMillis(),
                    life.validFromMillis(),
                    ended.fact().atMillis() + 1,
                    life.ttlMillis(),
                    life.value(),
                    life.traceparent(),
                    life.alarmMillis()),
                live.story(),
                live.memory());
      }
    }
  }

  /** A time to live that is counted anew when the event is replayed. */
  static final class ShiftedByRecovery {
    /** Events that were applied before. */
    public static final Set<EntryEvent> APPLIED = Collections.newSetFromMap(new WeakHashMap<>());

    @Advice.OnMethodExit
    static void exit(
        @Advice.This EntryEvent event, @Advice.Return(readOnly = false) EntryState after) {
      if (!APPLIED.add(event) && after instanceof EntryState.Live live) {
        Life life = live.life();
        after =
            new EntryState.Live(
                life.slidTo(life.expiresAtMillis() + 1_000), live.story(), live.memory());
      }
    }
  }

  static final class NoFence {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) long fence) {
      fence = 0;
    }
  }

  static final class EarlyReply {
    @Advice.OnMethodExit
    static void exit(@Advice.Argument(1) EntryRequest request, @Advice.Return Decision decision) {
      request.replyTo().tell(decision.reply());
    }
  }

  static final class NothingFound {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) @Nullable Answer found) {
      found = null;
    }
  }

  static final class NoAnswers {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) Memory memory) {
      memory = withoutAnswers(memory);
    }
  }

  static final class Holds {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) boolean holds) {
      holds = true;
    }
  }

  static final class EarlyPurge {
    @Advice.OnMethodExit
    static void exit(
        @Advice.This EntryState.Ended ended,
        @Advice.Argument(0) Situation situation,
        @Advice.Return(readOnly = false) @Nullable EntryEvent due) {
      due =
          situation.nowMillis() < ended.purgeAtMillis() - 10_000
              ? null
              : Ends.purged(ended, situation);
    }
  }

  static final class TwoOn {
    @Advice.OnMethodExit
    static void exit(@Advice.This Version before, @Advice.Return(readOnly = false) Version after) {
      after = new Version(before.incarnation(), before.revision() + 2);
    }
  }

  static final class FromOne {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) long previous, @Advice.Return(readOnly = false) long next) {
      next = previous + 1;
    }
  }

  static final class NotAdded {
    /** How many sums there were. */
    public static int sums;

    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) Value left, @Advice.Return(readOnly = false) Numbers.Sum sum) {
      sums++;
      if (sums % 10 == 0) {
        sum = new Numbers.Sum(left, null);
      }
    }
  }

  static final class Endless {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(5) long nowMillis,
        @Advice.Return(readOnly = false) Deadlines.Ruling ruling) {
      if (ruling.deadlineMillis() > nowMillis) {
        ruling =
            new Deadlines.Ruling(
                Math.max(ruling.deadlineMillis(), nowMillis + 8_000),
                ruling.ttlMillis(),
                ruling.violations());
      }
    }
  }

  static final class OnlyOnce {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.FieldValue("all") Map<EntryId, ?> all, @Advice.Argument(0) EntryId id) {
      return all.containsKey(id);
    }
  }

  static final class NotDone {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter() {
      return true;
    }
  }
}
