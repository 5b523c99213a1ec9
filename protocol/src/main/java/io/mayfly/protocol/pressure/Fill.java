package io.mayfly.protocol.pressure;

/**
 * How full a queue is.
 *
 * @param depth what waits or is worked on
 * @param limit the most that may; 0 for any number
 */
public record Fill(long depth, long limit) {
  /** Nothing waits, and nothing is bounded. */
  public static final Fill NONE = new Fill(0, 0);

  /** Whether more than half of the places are taken. */
  public boolean moreThanHalf() {
    return limit > 0 && depth * 2 > limit;
  }

  /** The places that are free. */
  public long room() {
    return Math.max(0, limit - depth);
  }

  /** From 0 for empty to 1 for full. */
  public double share() {
    return limit <= 0 ? 0 : Math.min(1, (double) depth / limit);
  }

  /** The fuller one of two. */
  public Fill max(Fill other) {
    return other.share() > share() ? other : this;
  }
}
