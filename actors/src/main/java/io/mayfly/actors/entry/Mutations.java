package io.mayfly.actors.entry;

import io.mayfly.actors.patch.PatchFailure;
import io.mayfly.actors.patch.Patches;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Ordering;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a life that is not overdue goes on. */
final class Mutations {
  private Mutations() {}

  static Decision put(Life life, Memory memory, EntryCommand.Put command, Situation situation) {
    Instant notBefore = command.notBefore();
    long validFrom =
        notBefore == null
            ? life.validFromMillis()
            : Math.max(situation.nowMillis(), notBefore.toEpochMilli());
    if (validFrom - situation.nowMillis() > situation.contract().lifetime().max().toMillis()) {
      return Decision.answer(
          Refusals.violations(List.of(Deadlines.tooFarAhead(situation.contract().lifetime()))));
    }
    return Order.concurrent(memory, command.terms())
            && situation.contract().reconciliation().ordering() == Ordering.VERSION_VECTOR
        ? merge(life, memory, command, validFrom, situation)
        : update(life, Outcome.REPLACED, command.value(), validFrom, command.terms(), situation);
  }

  /** The value beside concurrent ones: what the contract's method makes of them all. */
  private static Decision merge(
      Life life,
      Memory memory,
      EntryCommand.Put command,
      long validFromMillis,
      Situation situation) {
    EntryReply unfit = Refusals.unfit(command.value(), situation);
    if (unfit != null) {
      return Decision.answer(unfit);
    }
    Merging.Merged merged =
        Merging.of(
            memory.updates(),
            Merging.update(command, situation.nowMillis()),
            situation.contract().reconciliation().method());
    if (merged.refusal() != null) {
      return Decision.answer(Refusals.about(merged.refusal(), life));
    }
    Decision decision =
        update(life, Outcome.MERGED, merged.value(), validFromMillis, command.terms(), situation);
    return decision.withOwn(command.value());
  }

  static Decision patch(Life life, EntryCommand.Patch command, Situation situation) {
    int max = situation.contract().limits().valueBytes();
    Value patched;
    try {
      patched = Patches.apply(command.change(), life.value(), max);
    } catch (PatchFailure failure) {
      return Decision.answer(refusal(failure, life, max));
    }
    if (patched.equals(life.value()) && !command.terms().lifespan().specified()) {
      return unchanged(life, situation);
    }
    return update(
        life, Outcome.PATCHED, patched, life.validFromMillis(), command.terms(), situation);
  }

  static Decision increment(Life life, EntryCommand.Increment command, Situation situation) {
    Numbers.Sum sum = Numbers.add(life.value(), command.by());
    if (sum.refusal() != null) {
      return Decision.answer(Refusals.about(sum.refusal(), life));
    }
    return update(
        life, Outcome.INCREMENTED, sum.value(), life.validFromMillis(), command.terms(), situation);
  }

  static Decision touch(Life life, EntryCommand.Touch command, Situation situation) {
    Lifetime lifetime = situation.contract().lifetime();
    Deadlines.Ruling ruling =
        rule(life, command.terms(), lifetime.standard(), life.validFromMillis(), situation);
    if (ruling.broken()) {
      return Decision.answer(Refusals.violations(ruling.violations()));
    }
    EntryEvent.Renewed event =
        new EntryEvent.Renewed(
            fact(life, command.terms(), situation),
            life.validFromMillis(),
            ruling.deadlineMillis(),
            ruling.ttlMillis());
    return Decision.of(event, accepted(event.after(life), Outcome.RENEWED, situation));
  }

  static Decision rollback(
      Life life, Story story, EntryCommand.Rollback command, Situation situation) {
    Version target = new Version(life.version().incarnation(), command.toRevision());
    @Nullable Value value =
        target.equals(life.version())
            ? life.value()
            : story.at(target).map(Story.Chapter::value).orElse(null);
    if (value == null) {
      return Decision.answer(Refusals.about(Reason.REVISION_NOT_KEPT, life));
    }
    return update(
        life, Outcome.ROLLED_BACK, value, life.validFromMillis(), command.terms(), situation);
  }

  /** Nothing changes; but use renews a sliding entry all the same. */
  private static Decision unchanged(Life life, Situation situation) {
    Deadlines.Ruling ruling = rule(life, Terms.NONE, null, life.validFromMillis(), situation);
    Life slid = life.slidTo(ruling.deadlineMillis());
    EntryReply reply = accepted(slid, Outcome.UNCHANGED, situation);
    return slid.equals(life)
        ? Decision.answer(reply)
        : Decision.of(
            new EntryEvent.Slid(
                Fact.of(life.version(), Terms.NONE, life, situation),
                life.validFromMillis(),
                ruling.deadlineMillis()),
            reply);
  }

  private static Decision update(
      Life life,
      Outcome outcome,
      Value value,
      long validFromMillis,
      Terms terms,
      Situation situation) {
    EntryReply unfit = Refusals.unfit(value, situation);
    if (unfit != null) {
      return Decision.answer(unfit);
    }
    Deadlines.Ruling ruling = rule(life, terms, null, validFromMillis, situation);
    if (ruling.broken()) {
      return Decision.answer(Refusals.violations(ruling.violations()));
    }
    EntryEvent.Updated event =
        new EntryEvent.Updated(
            fact(life, terms, situation),
            outcome,
            validFromMillis,
            ruling.deadlineMillis(),
            ruling.ttlMillis(),
            value);
    return Decision.of(event, accepted(event.after(life), outcome, situation));
  }

  private static Deadlines.Ruling rule(
      Life life,
      Terms terms,
      @Nullable Duration implied,
      long validFromMillis,
      Situation situation) {
    return Deadlines.atRenewal(
        situation.contract().lifetime(),
        terms.lifespan(),
        implied,
        life,
        validFromMillis,
        situation.nowMillis());
  }

  private static Fact fact(Life life, Terms terms, Situation situation) {
    return Fact.of(life.version().next(), terms, life, situation);
  }

  private static EntryReply accepted(Life after, Outcome outcome, Situation situation) {
    return new Accepted(after.receipt(outcome, situation.contract().durability()), after.value());
  }

  private static EntryReply refusal(PatchFailure failure, Life life, int max) {
    return failure.oversize()
        ? Refusals.oversize(max)
        : Refusal.violating(
            Reason.PATCH_FAILED, life.version(), life.expiresAt(), List.of(failure.violation()));
  }
}
