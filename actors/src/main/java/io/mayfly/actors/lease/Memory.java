package io.mayfly.actors.lease;

import io.mayfly.actors.recent.Recent;
import io.mayfly.actors.recent.Remembered;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.lease.LeaseReply;
import org.jspecify.annotations.Nullable;

/**
 * The answers that had an effect, so that no retry acts twice.
 *
 * <p>Invariant: at most as many answers as the newest mark's contract keeps and those that came
 * while its request waited, none older than its window.
 *
 * @param answers oldest first
 * @param forgottenMillis when the newest answer was given that is forgotten, or 0
 */
record Memory(Recent<Answer> answers, long forgottenMillis) {
  static final Memory NONE = new Memory(Recent.none(), 0);

  /** An answer to a request with an idempotency key. */
  record Answer(String key, String fingerprint, long atMillis, LeaseReply reply)
      implements Remembered {
    @Override
    public String name() {
      return key;
    }
  }

  /** The answer that was given under this idempotency key since an instant; absent when none. */
  @Nullable Answer since(long atMillis, RetryKey retryKey) {
    return answers.after(atMillis, retryKey.key());
  }

  /** The memory after an event that may be marked, and after the answer to it. */
  Memory after(@Nullable Mark mark, long atMillis, LeaseReply reply) {
    if (mark == null) {
      return this;
    }
    Answer newest = new Answer(mark.key(), mark.fingerprint(), atMillis, reply);
    Recent<Answer> more =
        answers.with(newest, mark.windowMillis(), mark.keys(), atMillis - mark.waitedMillis());
    return new Memory(more, Math.max(forgottenMillis, answers.forgottenMillis(more)));
  }
}
