package io.mayfly.actors.recent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered under names, bounded by a window and a count; never changes. It stands in the
 * order in which it came, and no two have the same name.
 *
 * <p>Every request looks for its own name and seldom finds it: the search reads one array of hashes
 * and none of what is remembered, which lies scattered over the heap.
 */
public final class Recent<R extends Remembered> {
  private final int[] hashes;
  private final Remembered[] all;

  /**
   * These, oldest first.
   *
   * @param all nothing when absent, as what was written before it existed says
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Recent(@Nullable List<R> all) {
    this(all == null ? new Remembered[0] : all.toArray(new Remembered[0]));
  }

  private Recent(Remembered[] all) {
    this(Arrays.stream(all).mapToInt(one -> one.name().hashCode()).toArray(), all);
  }

  private Recent(int[] hashes, Remembered[] all) {
    this.hashes = hashes;
    this.all = all;
  }

  /** Nothing. */
  public static <R extends Remembered> Recent<R> none() {
    return new Recent<>(new Remembered[0]);
  }

  /** All, oldest first. */
  @JsonValue
  public List<R> all() {
    return Arrays.stream(all).map(this::own).toList();
  }

  /** What is remembered under the name and came after an instant; absent when nothing is. */
  public @Nullable R after(long atMillis, String name) {
    int index = indexOf(name);
    return index >= 0 && all[index].atMillis() > atMillis ? own(all[index]) : null;
  }

  /**
   * These with one more, in place of what had its name, without what is older than the window, and
   * cut to the newest.
   *
   * @param count the most that are kept
   */
  public Recent<R> with(R newest, long windowMillis, int count) {
    String name = newest.name();
    int replaced = indexOf(name);
    int from = from(newest.atMillis() - windowMillis, replaced, count);
    int kept = all.length - from - (replaced >= from ? 1 : 0);
    int[] nextHashes = new int[kept + 1];
    Remembered[] next = new Remembered[kept + 1];
    int before = replaced >= from ? replaced - from : kept;
    System.arraycopy(hashes, from, nextHashes, 0, before);
    System.arraycopy(all, from, next, 0, before);
    System.arraycopy(hashes, all.length - kept + before, nextHashes, before, kept - before);
    System.arraycopy(all, all.length - kept + before, next, before, kept - before);
    nextHashes[kept] = name.hashCode();
    next[kept] = newest;
    return new Recent<>(nextHashes, next);
  }

  /** The first that is kept beside one more, of which one is replaced or none (-1). */
  private int from(long oldestMillis, int replaced, int count) {
    int from = 0;
    while (from < all.length && all[from].atMillis() <= oldestMillis) {
      from++;
    }
    while (from < all.length && all.length - from - (replaced >= from ? 1 : 0) >= count) {
      from++;
    }
    return from;
  }

  /** The same names with other contents. */
  public Recent<R> map(UnaryOperator<R> change) {
    Remembered[] changed = new Remembered[all.length];
    Arrays.setAll(changed, i -> change.apply(own(all[i])));
    return new Recent<>(hashes, changed);
  }

  private int indexOf(String name) {
    int hash = name.hashCode();
    for (int i = hashes.length - 1; i >= 0; i--) {
      if (hashes[i] == hash && all[i].name().equals(name)) {
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
    return other instanceof Recent<?> that && Arrays.equals(all, that.all);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(all);
  }

  @Override
  public String toString() {
    return Arrays.toString(all);
  }
}
