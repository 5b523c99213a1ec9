package io.mayfly.actors.recent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.mayfly.protocol.contract.Contract.Idempotency;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered under names, bounded by a window and a count; never changes. It stands in the
 * order in which it came, and no two have the same name.
 *
 * <p>Every request looks for its own name and seldom finds it: the search reads one array of hashes
 * and none of what is remembered, which lies scattered over the heap.
 *
 * <p>One that grows out of another shares its slots while there is room behind them: a copy with
 * every request was most of what the memory of a busy key cost. Invariant: a slot is written once,
 * by whoever stands at the end of what is written; all others copy.
 */
public final class Recent<R extends Remembered> {
  private final Slots slots;
  private final int from;
  private final int to;

  /** Room for what is remembered. Used by one thread at a time, as an actor's state is. */
  private static final class Slots {
    private final int[] hashes;
    private final Remembered[] all;
    private int written;

    private Slots(int room) {
      hashes = new int[room];
      all = new Remembered[room];
    }

    private void write(int hash, Remembered one) {
      hashes[written] = hash;
      all[written] = one;
      written++;
    }

    private void copy(Slots other, int from, int to) {
      System.arraycopy(other.hashes, from, hashes, written, to - from);
      System.arraycopy(other.all, from, all, written, to - from);
      written += to - from;
    }
  }

  /**
   * These, oldest first.
   *
   * @param all nothing when absent, as what was written before it existed says
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Recent(@Nullable List<R> all) {
    this(slots(all == null ? List.of() : all), 0, all == null ? 0 : all.size());
  }

  private Recent(Slots slots, int from, int to) {
    this.slots = slots;
    this.from = from;
    this.to = to;
  }

  private static Slots slots(List<? extends Remembered> all) {
    Slots slots = new Slots(all.size());
    all.forEach(one -> slots.write(one.name().hashCode(), one));
    return slots;
  }

  /** Nothing. */
  public static <R extends Remembered> Recent<R> none() {
    return new Recent<>(List.of());
  }

  /** All, oldest first. */
  @JsonValue
  public List<R> all() {
    return stream().toList();
  }

  /** What is remembered under the name and came after an instant; absent when nothing is. */
  public @Nullable R after(long atMillis, String name) {
    int index = indexOf(name);
    return index >= 0 && slots.all[index].atMillis() > atMillis ? own(slots.all[index]) : null;
  }

  /**
   * These with one more, in place of what had its name, without what is older than the window, and
   * cut to the newest.
   *
   * @param count the most that are kept of those before {@code sinceMillis}
   * @param sinceMillis all from this instant on are kept, up to {@link Idempotency#KEYS_MAX}
   */
  public Recent<R> with(R newest, long windowMillis, int count, long sinceMillis) {
    String name = newest.name();
    int replaced = indexOf(name);
    int first = first(newest.atMillis() - windowMillis, replaced, count, sinceMillis);
    boolean shares = replaced < first && slots.written == to && to < slots.all.length;
    Slots next = shares ? slots : copy(first, replaced);
    next.write(name.hashCode(), newest);
    return new Recent<>(next, shares ? first : 0, next.written);
  }

  /** The slots from one on without one, with room for a quarter more and the next. */
  private Slots copy(int first, int without) {
    int kept = to - first - (without >= first ? 1 : 0);
    Slots copy = new Slots(kept + kept / 4 + 1);
    if (without >= first) {
      copy.copy(slots, first, without);
      copy.copy(slots, without + 1, to);
    } else {
      copy.copy(slots, first, to);
    }
    return copy;
  }

  /** The first that is kept beside one more, of which one is replaced or none (-1). */
  private int first(long oldestMillis, int replaced, int count, long sinceMillis) {
    int first = from;
    while (first < to && slots.all[first].atMillis() <= oldestMillis) {
      first++;
    }
    while (first < to && isBeyond(first, replaced, count, sinceMillis)) {
      first++;
    }
    return first;
  }

  private boolean isBeyond(int first, int replaced, int count, long sinceMillis) {
    int kept = to - first - (replaced >= first ? 1 : 0);
    return kept >= Idempotency.KEYS_MAX
        || (kept >= count && slots.all[first].atMillis() < sinceMillis);
  }

  /** The instant of the newest of these that others forgot, which are these with one more; or 0. */
  public long forgottenMillis(Recent<R> more) {
    int forgotten = to - from + 1 - (more.to - more.from);
    return forgotten > 0 ? slots.all[from + forgotten - 1].atMillis() : 0;
  }

  private Stream<R> stream() {
    return Arrays.stream(slots.all, from, to).map(this::own);
  }

  private int indexOf(String name) {
    int hash = name.hashCode();
    for (int i = to - 1; i >= from; i--) {
      if (slots.hashes[i] == hash && slots.all[i].name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Nothing else is ever put in. */
  @SuppressWarnings("unchecked")
  private R own(Remembered one) {
    return (R) one;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Recent<?> that
        && Arrays.equals(slots.all, from, to, that.slots.all, that.from, that.to);
  }

  @Override
  public int hashCode() {
    return all().hashCode();
  }

  @Override
  public String toString() {
    return all().toString();
  }
}
