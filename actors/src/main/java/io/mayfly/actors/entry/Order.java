package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Contract.Reconciliation;
import io.mayfly.protocol.contract.Gaps;
import io.mayfly.protocol.contract.Method;
import io.mayfly.protocol.contract.Ordering;
import io.mayfly.protocol.entry.EntryCommand.Mutating;
import io.mayfly.protocol.entry.EntryCommand.Put;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.VersionVector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a mutation stands among those of its own and of other producers: whether it is new, known
 * already, or at a place where the contract does not take it.
 */
final class Order {
  /** The most concurrent updates that an entry keeps. */
  static final int UPDATES_MAX = 16;

  private Order() {}

  /** The answer to a mutation that is not applied for its place, or null when it goes on. */
  static @Nullable EntryReply judge(EntryState state, Mutating command, Situation situation) {
    Reconciliation rules = situation.contract().reconciliation();
    return switch (rules.ordering()) {
      case NONE -> null;
      case SEQUENCE -> sequence(state, command.terms(), rules.gaps(), situation);
      case VERSION_VECTOR -> vector(state, command, rules.method(), situation);
    };
  }

  /** Whether a mutation is concurrent to an update that stands. */
  static boolean concurrent(Memory memory, Terms terms) {
    VersionVector vector = terms.stamp().vector();
    return vector != null
        && memory.updates().stream().anyMatch(update -> !vector.covers(update.vector()));
  }

  /** The decision with a receipt that tells what the entry has seen with the mutation. */
  static Decision told(EntryState state, Terms terms, Decision decision, Situation situation) {
    VersionVector vector = terms.stamp().vector();
    if (vector == null
        || situation.contract().reconciliation().ordering() != Ordering.VERSION_VECTOR
        || !(decision.reply() instanceof Accepted accepted)) {
      return decision;
    }
    VersionVector seen = state.memory().vector();
    VersionVector joined = seen == null ? vector : seen.join(vector);
    return decision.with(
        new Accepted(accepted.receipt().with(joined), accepted.value(), accepted.replayed()));
  }

  private static @Nullable EntryReply sequence(
      EntryState state, Terms terms, Gaps gaps, Situation situation) {
    String producer = terms.origin().producer();
    long number = terms.stamp().sequence();
    if (producer == null || number == 0) {
      return Refusals.unordered("Mayfly-Producer and Mayfly-Sequence");
    }
    long windowMillis = situation.contract().idempotency().window().toMillis();
    Memory.Produced last = state.memory().lastOf(producer, situation.nowMillis() - windowMillis);
    if (last == null || number == last.sequence() + 1) {
      return null;
    }
    if (number == last.sequence()) {
      return new Accepted(last.receipt().with(Outcome.DUPLICATE), last.value());
    }
    if (number < last.sequence()) {
      return Refusals.misplaced(Reason.OUT_OF_ORDER, state.current(), last.sequence() + 1);
    }
    return gaps == Gaps.ACCEPT
        ? null
        : Refusals.misplaced(Reason.SEQUENCE_GAP, state.current(), last.sequence() + 1);
  }

  private static @Nullable EntryReply vector(
      EntryState state, Mutating command, Method method, Situation situation) {
    VersionVector vector = command.terms().stamp().vector();
    String producer = command.terms().origin().producer();
    if (vector == null || producer == null || vector.of(producer) == 0) {
      return Refusals.unordered("Mayfly-Producer and a Mayfly-Version-Vector that names it");
    }
    List<Memory.Update> updates = state.memory().updates();
    boolean known = updates.stream().anyMatch(update -> update.vector().covers(vector));
    boolean concurrent = !known && concurrent(state.memory(), command.terms());
    if (!known && !concurrent) {
      return null;
    }
    Life life = state.current();
    if (life == null) {
      return state instanceof EntryState.Ended ended ? Refusals.ended(ended) : null;
    }
    if (known) {
      return new Accepted(
          life.receipt(Outcome.DUPLICATE, situation.contract().durability())
              .with(state.memory().vector()),
          null);
    }
    if (method == Method.REJECT || !(command instanceof Put)) {
      return Refusals.concurrent(Reason.CONCURRENT_UPDATE, life, state.memory());
    }
    long kept = updates.stream().filter(update -> !vector.covers(update.vector())).count();
    return kept < UPDATES_MAX
        ? null
        : Refusals.concurrent(Reason.TOO_MANY_CONCURRENT_UPDATES, life, state.memory());
  }
}
