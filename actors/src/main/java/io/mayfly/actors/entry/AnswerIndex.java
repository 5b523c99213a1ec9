package io.mayfly.actors.entry;

/**
 * By what each of a row of answers is sought and forgotten: the hash of its key and its instant.
 * Every request looks here and seldom goes on to a page.
 *
 * <p>Invariant: a place is written once. Used by one thread at a time, as an actor's state is.
 */
final class AnswerIndex {
  private final long first;
  private final int[] hashes;
  private final long[] atMillis;
  private int written;

  /**
   * An index with nothing in it.
   *
   * @param first which answer of all that the key ever remembered is in the first place
   */
  AnswerIndex(long first, int room) {
    this.first = first;
    hashes = new int[room];
    atMillis = new long[room];
  }

  /** The places of another, with room for a quarter more and the next. */
  static AnswerIndex copy(AnswerIndex other, int from, int to) {
    int kept = to - from;
    AnswerIndex copy = new AnswerIndex(other.number(from), kept + kept / 4 + 1);
    System.arraycopy(other.hashes, from, copy.hashes, 0, kept);
    System.arraycopy(other.atMillis, from, copy.atMillis, 0, kept);
    copy.written = kept;
    return copy;
  }

  /** How many places are written. */
  int written() {
    return written;
  }

  boolean isFull() {
    return written == hashes.length;
  }

  void write(Answer answer) {
    hashes[written] = answer.key().hashCode();
    atMillis[written] = answer.atMillis();
    written++;
  }

  /** Which answer of all that the key ever remembered is in a place. */
  long number(int place) {
    return first + place;
  }

  int hash(int place) {
    return hashes[place];
  }

  /** The instant from which the window of an answer counts. */
  long atMillis(int place) {
    return atMillis[place];
  }
}
