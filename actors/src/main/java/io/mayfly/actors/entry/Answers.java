package io.mayfly.actors.entry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers that a key remembers, oldest first, no two under the same idempotency key; never
 * changes. They outlive many collections of the heap and are read only when a retry comes.
 *
 * <p>Answers that grow out of others share their pages: a copy with every request was most of what
 * the memory of a busy key cost. Invariant: who stands at the end of what is written may write on;
 * all others copy. A page that another one follows stays as it is.
 */
final class Answers {
  /** The most answers on a page: what stays until the last of them is forgotten. */
  private static final int PAGE_MAX = 16;

  static final Answers NONE = new Answers(new AnswerPage[0], 0, 0, 0, 0);

  private final AnswerPage[] pages;

  /** The place of the oldest on the first page. */
  private final int from;

  /** The place behind the newest on the last page. */
  private final int to;

  private final int count;

  /** The bytes of all values together. */
  private final long bytes;

  private Answers(AnswerPage[] pages, int from, int to, int count, long bytes) {
    this.pages = pages;
    this.from = from;
    this.to = to;
    this.count = count;
    this.bytes = bytes;
  }

  /** These, oldest first. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Answers of(List<Answer> all) {
    Answers answers = NONE;
    for (Answer answer : all) {
      answers = answers.and(answer);
    }
    return answers;
  }

  /** All, oldest first. */
  @JsonValue
  List<Answer> all() {
    List<Answer> all = new ArrayList<>(count);
    for (int page = 0; page < pages.length; page++) {
      for (int place = first(page); place < end(page); place++) {
        all.add(pages[page].read(place));
      }
    }
    return all;
  }

  /** The answer under an idempotency key that was given after an instant; absent when none was. */
  @Nullable Answer after(long atMillis, String key) {
    for (int page = pages.length - 1; page >= 0; page--) {
      int place = pages[page].find(key, first(page), end(page));
      if (place >= 0) {
        return pages[page].atMillis(place) > atMillis ? pages[page].read(place) : null;
      }
    }
    return null;
  }

  /**
   * These with one more, in place of what had its key, without what is older than the window, cut
   * to the newest, and without the oldest values when all together have too many bytes.
   *
   * @param countMax the most that are kept, at least 1
   * @param bytesMax the most bytes that values have together
   */
  Answers with(Answer newest, long windowMillis, int countMax, long bytesMax) {
    return since(newest.atMillis() - windowMillis)
        .without(newest.key())
        .newest(countMax - 1)
        .and(newest)
        .bounded(bytesMax);
  }

  /** Those that are younger than the oldest ones, which came at an instant or before. */
  private Answers since(long atMillis) {
    Answers kept = this;
    while (kept.count > 0 && kept.pages[0].atMillis(kept.from) <= atMillis) {
      kept = kept.withoutOldest();
    }
    return kept;
  }

  private Answers newest(int countMax) {
    Answers kept = this;
    while (kept.count > Math.max(0, countMax)) {
      kept = kept.withoutOldest();
    }
    return kept;
  }

  private Answers withoutOldest() {
    if (count == 1) {
      return NONE;
    }
    long left = bytes - pages[0].size(from);
    return from + 1 < end(0)
        ? new Answers(pages, from + 1, to, count - 1, left)
        : new Answers(Arrays.copyOfRange(pages, 1, pages.length), 0, to, count - 1, left);
  }

  private Answers without(String key) {
    return after(Long.MIN_VALUE, key) == null
        ? this
        : of(all().stream().filter(answer -> !answer.key().equals(key)).toList());
  }

  private Answers and(Answer newest) {
    if (count == 0) {
      return on(new AnswerPage(1, newest), new AnswerPage[1], newest);
    }
    AnswerPage last = pages[pages.length - 1];
    if (last.written() > to) {
      return of(all()).and(newest);
    }
    if (last.takes(newest)) {
      return on(last, pages, newest);
    }
    last.close();
    return on(
        new AnswerPage(Math.min(PAGE_MAX, count), newest),
        Arrays.copyOf(pages, pages.length + 1),
        newest);
  }

  /** These with one more, which is written on the last page. */
  private Answers on(AnswerPage last, AnswerPage[] all, Answer newest) {
    last.write(newest);
    all[all.length - 1] = last;
    return new Answers(all, from, last.written(), count + 1, bytes + newest.size());
  }

  private Answers bounded(long bytesMax) {
    if (bytes <= bytesMax) {
      return this;
    }
    long left = bytes;
    List<Answer> all = new ArrayList<>(count);
    for (Answer answer : all()) {
      all.add(left > bytesMax ? answer.withoutValue() : answer);
      left -= answer.size();
    }
    return of(all);
  }

  private int first(int page) {
    return page == 0 ? from : 0;
  }

  private int end(int page) {
    return page == pages.length - 1 ? to : pages[page].written();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Answers that && all().equals(that.all());
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
