package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a key remembers of requests over its incarnations, until its tombstone is purged: so that no
 * retry acts twice, and no holder of an old lease writes.
 *
 * <p>Invariant: at most as many answers as the newest mark's contract keeps, none older than its
 * window, and values of at most {@link Story#VALUE_BYTES_MAX} together.
 *
 * @param fence the highest fencing token seen, or 0
 * @param answers the answers that had an effect, oldest first
 */
record Memory(long fence, List<Answer> answers) {
  static final Memory NONE = new Memory(0, List.of());

  /**
   * An answer to a request with an idempotency key.
   *
   * @param value the value that the answer showed; absent where it showed none
   */
  record Answer(
      String key, String fingerprint, long atMillis, Receipt receipt, @Nullable Value value) {
    private int size() {
      return value == null ? 0 : value.size();
    }

    private Answer withoutValue() {
      return value == null ? this : new Answer(key, fingerprint, atMillis, receipt, null);
    }
  }

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

  /** The memory after a fencing token was seen. */
  Memory seen(long token) {
    return token <= fence ? this : new Memory(token, answers);
  }

  /** The memory after an event that was marked, and after the answer to it. */
  Memory after(Mark mark, long atMillis, Receipt receipt, @Nullable Value value) {
    RetryKey retryKey = mark.retryKey();
    if (retryKey == null) {
      return seen(mark.fence());
    }
    Answer answer =
        new Answer(
            retryKey.key(),
            retryKey.fingerprint(),
            atMillis,
            receipt,
            retryKey.keepsValue() ? value : null);
    return new Memory(seen(mark.fence()).fence(), kept(answer, mark));
  }

  private List<Answer> kept(Answer newest, Mark mark) {
    long oldestMillis = newest.atMillis() - mark.windowMillis();
    List<Answer> kept = new ArrayList<>(answers.size() + 1);
    for (Answer answer : answers) {
      if (answer.atMillis() > oldestMillis && !answer.key().equals(newest.key())) {
        kept.add(answer);
      }
    }
    kept.add(newest);
    int from = Math.max(0, kept.size() - mark.keys());
    return List.copyOf(bounded(kept.subList(from, kept.size())));
  }

  private static List<Answer> bounded(List<Answer> answers) {
    long bytes = 0;
    for (int i = answers.size() - 1; i >= 0; i--) {
      bytes += answers.get(i).size();
      if (bytes > Story.VALUE_BYTES_MAX) {
        answers.set(i, answers.get(i).withoutValue());
      }
    }
    return answers;
  }
}
