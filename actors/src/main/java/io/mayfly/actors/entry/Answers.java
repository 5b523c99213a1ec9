package io.mayfly.actors.entry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.mayfly.protocol.contract.Contract.Idempotency;
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

  static final Answers NONE = new Answers(new AnswerIndex(0, 0), 0, 0, new AnswerPage[0], 0);

  private final AnswerIndex index;

  /** The place of the oldest in the index, and the one behind the newest. */
  private final int from;

  private final int to;

  /** Pages that follow each other, all of these among them. */
  private final AnswerPage[] pages;

  /** The bytes of all values together. */
  private final long bytes;

  private Answers(AnswerIndex index, int from, int to, AnswerPage[] pages, long bytes) {
    this.index = index;
    this.from = from;
    this.to = to;
    this.pages = pages;
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
    List<Answer> all = new ArrayList<>(to - from);
    for (int place = from; place < to; place++) {
      all.add(read(place));
    }
    return all;
  }

  /** The answer under an idempotency key that was given after an instant; absent when none was. */
  @Nullable Answer after(long atMillis, String key) {
    int place = find(key);
    return place >= 0 && index.atMillis(place) > atMillis ? read(place) : null;
  }

  /**
   * These with one more, in place of what had its key, without what is older than the window, cut
   * to the newest, and without the oldest values when all together have too many bytes.
   *
   * @param countMax the most that are kept of those before {@code sinceMillis}, at least 1
   * @param sinceMillis all from this instant on are kept, up to {@link Idempotency#KEYS_MAX}
   * @param bytesMax the most bytes that values have together
   */
  Answers with(Answer newest, long windowMillis, int countMax, long sinceMillis, long bytesMax) {
    Answers kept = since(newest.atMillis() - windowMillis).without(newest.key());
    return kept.from(kept.first(countMax - 1, sinceMillis)).and(newest).bounded(bytesMax);
  }

  /** The place from which on there are so many, or as many as came since an instant. */
  private int first(int count, long sinceMillis) {
    int first = Math.max(from, to - count);
    int least = Math.max(from, to - Idempotency.KEYS_MAX + 1);
    while (first > least && index.atMillis(first - 1) >= sinceMillis) {
      first--;
    }
    return first;
  }

  /** The instant of the newest of these that others forgot, which are these with one more; or 0. */
  long forgottenMillis(Answers more) {
    int forgotten = to - from + 1 - (more.to - more.from);
    return forgotten > 0 ? index.atMillis(from + forgotten - 1) : 0;
  }

  /** These without the oldest ones that came at an instant or before. */
  private Answers since(long atMillis) {
    int first = from;
    while (first < to && index.atMillis(first) <= atMillis) {
      first++;
    }
    return from(first);
  }

  /** Those from a place on. */
  private Answers from(int first) {
    if (first <= from) {
      return this;
    }
    if (first >= to) {
      return NONE;
    }
    long left = bytes;
    for (int place = from; left > 0 && place < first; place++) {
      left -= page(place).size(index.number(place));
    }
    return new Answers(index, first, to, pages, left);
  }

  private Answers without(String key) {
    return find(key) < 0
        ? this
        : of(all().stream().filter(answer -> !answer.key().equals(key)).toList());
  }

  private Answers and(Answer newest) {
    return isLast() ? onward(newest) : of(all()).onward(newest);
  }

  /** Whether nobody wrote behind these. */
  private boolean isLast() {
    return index.written() == to && (from == to || last().next() == index.number(to));
  }

  private Answers onward(Answer newest) {
    AnswerIndex grown = index.isFull() ? AnswerIndex.copy(index, from, to) : index;
    AnswerPage[] all = from < to && last().takes(newest) ? pages : withPage(newest);
    all[all.length - 1].write(newest);
    grown.write(newest);
    return new Answers(
        grown, grown == index ? from : 0, grown.written(), all, bytes + newest.size());
  }

  /** The pages that are needed yet, and one for what comes. */
  private AnswerPage[] withPage(Answer newest) {
    if (from < to) {
      last().close();
    }
    int needed = 0;
    while (needed + 1 < pages.length && pages[needed + 1].first() <= index.number(from)) {
      needed++;
    }
    AnswerPage[] more = Arrays.copyOfRange(pages, needed, pages.length + 1);
    int room = Math.min(PAGE_MAX, Math.max(1, to - from));
    more[more.length - 1] = new AnswerPage(index.number(to), room, newest);
    return more;
  }

  private Answers bounded(long bytesMax) {
    if (bytes <= bytesMax) {
      return this;
    }
    long left = bytes;
    List<Answer> all = new ArrayList<>(to - from);
    for (Answer answer : all()) {
      all.add(left > bytesMax ? answer.withoutValue() : answer);
      left -= answer.size();
    }
    return of(all);
  }

  /** The place of the answer under a key, or -1. */
  private int find(String key) {
    int hash = key.hashCode();
    for (int place = to - 1; place >= from; place--) {
      if (index.hash(place) == hash && page(place).key(index.number(place)).equals(key)) {
        return place;
      }
    }
    return -1;
  }

  private Answer read(int place) {
    return page(place).read(index.number(place));
  }

  private AnswerPage page(int place) {
    int page = pages.length - 1;
    while (pages[page].first() > index.number(place)) {
      page--;
    }
    return pages[page];
  }

  private AnswerPage last() {
    return pages[pages.length - 1];
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
