package io.mayfly.actors.entry;

import io.mayfly.actors.recent.Recent;
import io.mayfly.actors.recent.Remembered;
import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Stamp;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a key remembers of requests over its incarnations, until its tombstone is purged: so that no
 * retry acts twice, and no holder of an old lease writes.
 *
 * <p>Invariant: at most as many answers as the newest mark's contract keeps and those that came
 * while its request waited, none older than its window, and values of at most {@link
 * Story#VALUE_BYTES_MAX} together.
 *
 * @param fence the highest fencing token seen, or 0
 * @param answers the answers that had an effect, oldest first
 * @param producers the last mutation of each producer in a sequence, oldest first
 * @param updates the maximal updates by version vectors: none covers another
 * @param forgottenMillis when the newest answer was given that is forgotten, or 0
 */
record Memory(
    long fence,
    Answers answers,
    Recent<Produced> producers,
    List<Update> updates,
    long forgottenMillis) {
  /** The most producers whose sequences a key remembers; of more, the longest idle is forgotten. */
  static final int PRODUCERS_MAX = 256;

  static final Memory NONE = new Memory(0, Answers.NONE, Recent.none(), List.of(), 0);

  /** What was written before a part of the memory existed has nothing of it. */
  Memory {
    answers = answers == null ? Answers.NONE : answers;
    producers = producers == null ? Recent.none() : producers;
    updates = updates == null ? List.of() : updates;
  }

  /**
   * The last mutation of a producer.
   *
   * @param value the value that the answer showed; absent where it showed none
   */
  record Produced(
      String producer, long sequence, long atMillis, Receipt receipt, @Nullable Value value)
      implements Remembered {
    @Override
    public String name() {
      return producer;
    }
  }

  /**
   * An update by version vector.
   *
   * @param value what it brought; absent once the incarnation has ended
   */
  record Update(
      String producer, VersionVector vector, long writtenAtMillis, @Nullable Value value) {}

  /** The last mutation of a producer that was active since an instant; absent when none. */
  @Nullable Produced lastOf(String producer, long sinceMillis) {
    return producers.after(sinceMillis, producer);
  }

  /** What the updates have seen together; absent when there are none. */
  @Nullable VersionVector vector() {
    return updates.stream().map(Update::vector).reduce(VersionVector::join).orElse(null);
  }

  /** The memory of a key whose incarnation has ended: updates keep their vectors alone. */
  Memory withoutUpdatedValues() {
    return updates.isEmpty()
        ? this
        : new Memory(
            fence,
            answers,
            producers,
            updates.stream()
                .map(u -> new Update(u.producer(), u.vector(), u.writtenAtMillis(), null))
                .toList(),
            forgottenMillis);
  }

  /** The answer that was given under this idempotency key since an instant; absent when none. */
  @Nullable Answer since(long atMillis, RetryKey retryKey) {
    return answers.after(atMillis, retryKey.key());
  }

  /** The memory after a fencing token was seen. */
  Memory seen(long token) {
    return token <= fence ? this : new Memory(token, answers, producers, updates, forgottenMillis);
  }

  /**
   * The memory after an event that was marked.
   *
   * @param producer who made the request; absent when unknown
   * @param receipt the answer to it
   * @param value the value after it; absent for an end
   */
  Memory after(
      Mark mark, @Nullable String producer, long atMillis, Receipt receipt, @Nullable Value value) {
    Stamp stamp = mark.stamp();
    VersionVector vector = stamp == null ? null : stamp.vector();
    List<Update> maximal =
        stamp == null || vector == null || producer == null
            ? updates
            : maximal(
                new Update(
                    producer,
                    vector,
                    Objects.requireNonNull(stamp.writtenAt()).toEpochMilli(),
                    mark.own() == null ? value : mark.own()));
    Memory ordered = new Memory(fence, answers, producers, maximal, forgottenMillis);
    Receipt told = receipt.with(vector == null ? null : ordered.vector());
    Recent<Produced> lasts =
        stamp == null || stamp.sequence() == 0 || producer == null
            ? producers
            : producers.with(
                new Produced(
                    producer, stamp.sequence(), atMillis, told, stamp.keepsValue() ? value : null),
                mark.windowMillis(),
                PRODUCERS_MAX,
                Long.MAX_VALUE);
    RetryKey retryKey = mark.retryKey();
    Answers remembered =
        retryKey == null
            ? answers
            : answers.with(
                new Answer(
                    retryKey.key(),
                    retryKey.fingerprint(),
                    atMillis,
                    told,
                    retryKey.keepsValue() ? value : null),
                mark.windowMillis(),
                mark.keys(),
                atMillis - mark.waitedMillis(),
                Story.VALUE_BYTES_MAX);
    return new Memory(
        Math.max(fence, mark.fence()),
        remembered,
        lasts,
        maximal,
        retryKey == null
            ? forgottenMillis
            : Math.max(forgottenMillis, answers.forgottenMillis(remembered)));
  }

  private List<Update> maximal(Update update) {
    List<Update> maximal = new ArrayList<>(updates.size() + 1);
    for (Update standing : updates) {
      if (!update.vector().covers(standing.vector())) {
        maximal.add(standing);
      }
    }
    maximal.add(update);
    return List.copyOf(maximal);
  }
}
