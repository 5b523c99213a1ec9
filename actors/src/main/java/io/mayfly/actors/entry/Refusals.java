package io.mayfly.actors.entry;

import io.mayfly.actors.patch.Trees;
import io.mayfly.protocol.contract.Contract.Reconciliation;
import io.mayfly.protocol.contract.Method;
import io.mayfly.protocol.contract.Ordering;
import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.VersionVector;
import io.mayfly.protocol.entry.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The refusals of an entry, filled with what the client needs to act. */
final class Refusals {
  static final EntryReply UNKNOWN_KEY = Refusal.of(Reason.UNKNOWN_KEY);
  static final EntryReply MISMATCH = Refusal.of(Reason.IDEMPOTENCY_MISMATCH);
  static final EntryReply FORGOTTEN = Refusal.of(Reason.ANSWER_FORGOTTEN);
  static final EntryReply WRITER_NOT_ALLOWED =
      broken(
          Reason.WRITER_NOT_ALLOWED,
          "mutation.writers",
          "neither the caller nor the producer is among the writers");

  private Refusals() {}

  /** A refusal about the entry that stands, where one does. */
  static EntryReply about(Reason reason, @Nullable Life life) {
    return life == null ? Refusal.of(reason) : Refusal.of(reason, life.version(), life.expiresAt());
  }

  static EntryReply disabled(Transition transition) {
    return broken(
        Reason.TRANSITION_DISABLED,
        "mutation.transitions." + transition.text(),
        "the contract has switched it off");
  }

  /** A fencing token below the highest that the key has seen. */
  static EntryReply stale(@Nullable Life life, long fence) {
    return Refusal.violating(
        Reason.STALE_FENCE,
        life == null ? null : life.version(),
        life == null ? null : life.expiresAt(),
        List.of(new Violation("fence", "", "the entry has seen the fencing token " + fence)));
  }

  /** A request without what the contract orders updates by. */
  static EntryReply unordered(String headers) {
    return broken(
        Reason.PRECONDITION_REQUIRED,
        "reconciliation.ordering",
        "the contract orders updates and asks for " + headers);
  }

  static EntryReply misplaced(Reason reason, @Nullable Life life, long expected) {
    return Refusal.misplaced(
        reason,
        life == null ? null : life.version(),
        life == null ? null : life.expiresAt(),
        expected);
  }

  static EntryReply concurrent(Reason reason, Life life, Memory memory) {
    return Refusal.concurrent(
        reason,
        life.version(),
        life.expiresAt(),
        Objects.requireNonNullElse(memory.vector(), VersionVector.EMPTY));
  }

  /** A value that the contract's method cannot reconcile with others. */
  static EntryReply unmergeable(Method method) {
    return broken(
        Reason.CONTRACT_VIOLATION,
        "reconciliation.method",
        "the method " + method.text() + " is for numbers alone");
  }

  /** A namespace that holds as many entries as its contract allows. */
  static EntryReply full(long keys) {
    return broken(
        Reason.CONTRACT_VIOLATION, "limits.keys", "the namespace holds " + keys + " entries");
  }

  private static EntryReply broken(Reason reason, String rule, String detail) {
    return Refusal.violating(reason, List.of(new Violation(rule, "", detail)));
  }

  static EntryReply ended(EntryState.Ended ended) {
    return Refusal.ended(
        ended.version(), ended.reason(), Instant.ofEpochMilli(ended.endedAtMillis()));
  }

  static EntryReply notYetValid(Life life, Situation situation) {
    return Refusal.notYetValid(
        life.version(),
        Instant.ofEpochMilli(life.validFromMillis()),
        life.expiresAt(),
        Duration.ofMillis(life.validFromMillis() - situation.nowMillis()));
  }

  static EntryReply violations(List<Violation> violations) {
    return Refusal.violating(Reason.CONTRACT_VIOLATION, violations);
  }

  /** The refusal of a value that the contract does not allow, or null when it does. */
  static @Nullable EntryReply unfit(Value value, Situation situation) {
    int max = situation.contract().limits().valueBytes();
    if (value.size() > max) {
      return oversize(max);
    }
    Reconciliation rules = situation.contract().reconciliation();
    if (rules.ordering() == Ordering.VERSION_VECTOR
        && Merging.ofNumbers(rules.method())
        && !Trees.read(value).isNumber()) {
      return unmergeable(rules.method());
    }
    List<Violation> broken = situation.rule().broken(value);
    return broken.isEmpty() ? null : violations(broken);
  }

  static EntryReply oversize(int max) {
    return Refusal.violating(
        Reason.VALUE_TOO_LARGE,
        List.of(
            new Violation(
                "limits.valueBytes", "", "the value is larger than " + max + " bytes of CBOR")));
  }
}
