package io.mayfly.actors.recent;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that is remembered under a name since an instant. Lists of it are oldest first. */
public interface Remembered {
  /** What it is found by; in a list, no two have the same. */
  String name();

  /** The instant from which its window counts. */
  long atMillis();

  /** What is remembered under the name and came after an instant; absent when nothing is. */
  static <R extends Remembered> @Nullable R after(List<R> all, long atMillis, String name) {
    for (int i = all.size() - 1; i >= 0; i--) {
      R one = all.get(i);
      if (one.name().equals(name)) {
        return one.atMillis() > atMillis ? one : null;
      }
    }
    return null;
  }

  /**
   * The list with one more, in place of what had its name, without what is older than the window,
   * and cut to the newest.
   *
   * @param count the most that are kept
   */
  static <R extends Remembered> List<R> with(List<R> all, R newest, long windowMillis, int count) {
    long oldestMillis = newest.atMillis() - windowMillis;
    List<R> kept = new ArrayList<>(all.size() + 1);
    for (R one : all) {
      if (one.atMillis() > oldestMillis && !one.name().equals(newest.name())) {
        kept.add(one);
      }
    }
    kept.add(newest);
    return kept.subList(Math.max(0, kept.size() - count), kept.size());
  }
}
