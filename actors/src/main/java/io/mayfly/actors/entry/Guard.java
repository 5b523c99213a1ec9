package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Contract.Mutation;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Flag;
import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.EntryCommand.Mutating;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.EntryReply.Shadowed;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Stamp;
import io.mayfly.protocol.entry.Terms;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands around every mutation, in this order: a retry gets its first answer, and an attempt
 * so late that this may be forgotten gets none; the writer may write; the transition is on; the
 * update stands in order; the entry exists; the fence is not stale; the precondition holds.
 */
final class Guard {
  /** Refusals by which the request did not come as far as its fencing token. */
  private static final Set<Reason> BEFORE_THE_FENCE =
      EnumSet.of(
          Reason.UNKNOWN_KEY,
          Reason.KEY_ENDED,
          Reason.NOT_YET_VALID,
          Reason.FENCE_REQUIRED,
          Reason.STALE_FENCE);

  private Guard() {}

  /** Decides a mutation, or says why it is not decided. */
  static Decision around(
      EntryState state, Mutating command, Situation situation, Supplier<Decision> mutation) {
    EntryReply known = remembered(state.memory(), command.terms().retryKey(), situation);
    if (known != null) {
      return Decision.answer(known);
    }
    Mutation rules = situation.contract().mutation();
    if (!mayWrite(rules.writers(), command.terms().origin())) {
      return Decision.answer(Refusals.WRITER_NOT_ALLOWED);
    }
    boolean inShadow = false;
    for (Transition transition : Transitions.of(state, command)) {
      Flag flag = rules.flag(transition);
      if (flag == Flag.OFF) {
        return Decision.answer(Refusals.disabled(transition));
      }
      inShadow |= flag == Flag.SHADOW;
    }
    EntryReply misplaced = Order.judge(state, command, situation);
    if (misplaced != null) {
      return Decision.answer(misplaced);
    }
    Decision decision = Order.told(state, command.terms(), mutation.get(), situation);
    return inShadow
        ? shadowed(state, decision, situation)
        : noted(state, command.terms(), decision, situation);
  }

  /** Goes on with a mutation whose fencing token and condition hold. */
  static Decision ifMet(
      EntryState state, Terms terms, Situation situation, Supplier<Decision> mutation) {
    EntryReply unmet = unmet(state, terms, situation);
    return unmet == null ? mutation.get() : Decision.answer(unmet);
  }

  /** The refusal of a request whose fencing token or condition does not hold, or null. */
  private static @Nullable EntryReply unmet(EntryState state, Terms terms, Situation situation) {
    Mutation rules = situation.contract().mutation();
    Life life = state.current();
    if (terms.fence() == 0 && rules.fenceRequired()) {
      return Refusals.about(Reason.FENCE_REQUIRED, life);
    }
    if (terms.fence() != 0 && terms.fence() < state.memory().fence()) {
      return Refusals.stale(life, state.memory().fence());
    }
    if (terms.precondition().absent() && rules.preconditionRequired()) {
      return Refusals.about(Reason.PRECONDITION_REQUIRED, life);
    }
    return terms.precondition().holds(life == null ? null : life.version())
        ? null
        : Refusals.about(Reason.PRECONDITION_FAILED, life);
  }

  private static @Nullable EntryReply remembered(
      Memory memory, @Nullable RetryKey retryKey, Situation situation) {
    if (retryKey == null) {
      return null;
    }
    long windowMillis = situation.contract().idempotency().window().toMillis();
    long sinceMillis = situation.sinceMillis();
    Answer answer =
        memory.since(Math.min(situation.nowMillis() - windowMillis, sinceMillis - 1), retryKey);
    if (answer == null) {
      return sinceMillis <= memory.forgottenMillis() ? Refusals.FORGOTTEN : null;
    }
    return answer.fingerprint().equals(retryKey.fingerprint())
        ? new Accepted(answer.receipt(), answer.value(), true)
        : Refusals.MISMATCH;
  }

  private static boolean mayWrite(Set<String> writers, Origin origin) {
    String writer = origin.caller() != null ? origin.caller() : origin.producer();
    return writers.isEmpty() || (writer != null && writers.contains(writer));
  }

  private static Decision shadowed(EntryState state, Decision decision, Situation situation) {
    return Decision.answer(
        decision.reply() instanceof Accepted
            ? shadow(state.current(), situation.contract().durability())
            : decision.reply());
  }

  private static Shadowed shadow(@Nullable Life life, Durability durability) {
    return life == null
        ? new Shadowed(null, null, durability)
        : new Shadowed(life.version(), life.expiresAt(), durability);
  }

  /** What must be remembered of a request that made no event of its own gets one. */
  private static Decision noted(
      EntryState state, Terms terms, Decision decision, Situation situation) {
    boolean unchanged =
        decision.reply() instanceof Accepted accepted
            && accepted.receipt().outcome() == Outcome.UNCHANGED;
    boolean seen =
        decision.reply() instanceof Refusal refusal && !BEFORE_THE_FENCE.contains(refusal.reason());
    if (!(unchanged || seen) || state instanceof EntryState.Absent) {
      return decision;
    }
    Terms remembered = unchanged ? terms : terms.with((RetryKey) null).with(Stamp.NONE);
    Mark mark = Mark.of(remembered, situation);
    boolean news =
        mark != null
            && (mark.retryKey() != null
                || mark.stamp() != null
                || mark.fence() > state.memory().fence());
    return news ? decision.and(EntryEvent.Noted.of(state, remembered, situation)) : decision;
  }
}
