package io.mayfly.actors.lease;

import io.mayfly.actors.recent.Recent;
import io.mayfly.actors.recent.Remembered;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.lease.LeaseReply;
import org.jspecify.annotations.Nullable;

/**
 * The answers that had an effect, so that no retry acts twice.
 *
 * <p>Invariant: at most as many answers as the newest mark's contract keeps, none older than its
 * window.
 *
 * @param answers oldest first
 */
record Memory(Recent<Answer> answers) {
  static final Memory NONE = new Memory(Recent.none());

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
    return new Memory(answers.with(newest, mark.windowMillis(), mark.keys()));
  }
}
