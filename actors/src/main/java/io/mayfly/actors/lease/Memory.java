package io.mayfly.actors.lease;

import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.lease.LeaseReply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers that had an effect, so that no retry acts twice.
 *
 * <p>Invariant: at most as many answers as the newest mark's contract keeps, none older than its
 * window.
 *
 * @param answers oldest first
 */
record Memory(List<Answer> answers) {
  static final Memory NONE = new Memory(List.of());

  /** An answer to a request with an idempotency key. */
  record Answer(String key, String fingerprint, long atMillis, LeaseReply reply) {}

  /** The answer that was given under this idempotency key since an instant; absent when none. */
  @Nullable Answer since(long atMillis, RetryKey retryKey) {
    for (int i = answers.size() - 1; i >= 0; i--) {
      Answer answer = answers.get(i);
      if (answer.key().equals(retryKey.key())) {
        return answer.atMillis() > atMillis ? answer : null;
      }
    }
    return null;
  }

  /** The memory after an event that may be marked, and after the answer to it. */
  Memory after(@Nullable Mark mark, long atMillis, LeaseReply reply) {
    if (mark == null) {
      return this;
    }
    List<Answer> kept = new ArrayList<>(answers.size() + 1);
    for (Answer answer : answers) {
      if (answer.atMillis() > atMillis - mark.windowMillis() && !answer.key().equals(mark.key())) {
        kept.add(answer);
      }
    }
    kept.add(new Answer(mark.key(), mark.fingerprint(), atMillis, reply));
    return new Memory(
        List.copyOf(kept.subList(Math.max(0, kept.size() - mark.keys()), kept.size())));
  }
}
