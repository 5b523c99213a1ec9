package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
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

  static Decision put(EntryState state, EntryCommand.Put command, Situation situation) {
    return create(state, command.value(), command.notBefore(), command.terms(), situation);
  }

  static Decision increment(EntryState state, EntryCommand.Increment command, Situation situation) {
    Numbers.Sum sum = Numbers.add(command.initial(), command.by());
    if (sum.refusal() != null) {
      return Decision.answer(Refusal.of(sum.refusal()));
    }
    return create(state, sum.value(), null, command.terms(), situation);
  }

  private static Decision create(
      EntryState state,
      Value value,
      @Nullable Instant notBefore,
      Terms terms,
      Situation situation) {
    EntryReply unfit = Refusals.unfit(value, situation);
    if (unfit != null) {
      return Decision.answer(unfit);
    }
    long now = situation.nowMillis();
    long validFrom = notBefore == null ? now : Math.max(now, notBefore.toEpochMilli());
    Deadlines.Ruling ruling =
        Deadlines.atBirth(situation.contract().lifetime(), terms.lifespan(), validFrom, now);
    if (ruling.broken()) {
      return Decision.answer(Refusals.violations(ruling.violations()));
    }
    Version version = new Version(situation.nextIncarnation(state.lastIncarnation()), 1);
    EntryEvent.Created event =
        new EntryEvent.Created(
            Fact.of(version, terms, state.wakeAtMillis(), situation),
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
