package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The refusals of an entry, filled with what the client needs to act. */
final class Refusals {
  static final EntryReply UNKNOWN_KEY = Refusal.of(Reason.UNKNOWN_KEY);

  private Refusals() {}

  static EntryReply about(Reason reason, Life life) {
    return Refusal.of(reason, life.version(), life.expiresAt());
  }

  /** A condition that fails where no entry stands. */
  static EntryReply unmet() {
    return Refusal.of(Reason.PRECONDITION_FAILED);
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

  /** The refusal of a value above the contract's size, or null when it is small enough. */
  static @Nullable EntryReply oversize(Value value, Situation situation) {
    int max = situation.contract().limits().valueBytes();
    return value.size() <= max ? null : oversize(max);
  }

  static EntryReply oversize(int max) {
    return Refusal.violating(
        Reason.VALUE_TOO_LARGE,
        List.of(
            new Violation(
                "limits.valueBytes", "", "the value is larger than " + max + " bytes of CBOR")));
  }
}
