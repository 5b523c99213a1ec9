package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How an incarnation begins. */
final class Births {
  private Births() {}

  static Decision put(
      EntryCommand.Put command, long previous, long wakeBeforeMillis, Situation situation) {
    return create(
        command.value(),
        command.notBefore(),
        command.terms(),
        previous,
        wakeBeforeMillis,
        situation);
  }

  static Decision increment(
      EntryCommand.Increment command, long previous, long wakeBeforeMillis, Situation situation) {
    Numbers.Sum sum = Numbers.add(command.initial(), command.by());
    if (sum.refusal() != null) {
      return Decision.answer(Refusal.of(sum.refusal()));
    }
    return create(sum.value(), null, command.terms(), previous, wakeBeforeMillis, situation);
  }

  private static Decision create(
      Value value,
      @Nullable Instant notBefore,
      Terms terms,
      long previous,
      long wakeBeforeMillis,
      Situation situation) {
    if (!terms.precondition().holds(null)) {
      return Decision.answer(Refusals.unmet());
    }
    var oversize = Refusals.oversize(value, situation);
    if (oversize != null) {
      return Decision.answer(oversize);
    }
    long now = situation.nowMillis();
    long validFrom = notBefore == null ? now : Math.max(now, notBefore.toEpochMilli());
    Deadlines.Ruling ruling =
        Deadlines.atBirth(situation.contract().lifetime(), terms.lifespan(), validFrom, now);
    if (ruling.broken()) {
      return Decision.answer(Refusals.violations(ruling.violations()));
    }
    Version version = new Version(situation.nextIncarnation(previous), 1);
    EntryEvent.Created event =
        new EntryEvent.Created(
            Fact.of(version, terms.origin(), wakeBeforeMillis, situation),
            validFrom,
            ruling.deadlineMillis(),
            ruling.ttlMillis(),
            value);
    return Decision.of(
        event,
        new Accepted(
            event.life().receipt(Outcome.CREATED, situation.contract().durability()), value));
  }
}
