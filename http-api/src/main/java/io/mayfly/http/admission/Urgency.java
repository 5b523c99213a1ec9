package io.mayfly.http.admission;

/**
 * Who is let in as the node fills. What frees or keeps state comes before what adds to it: an end
 * or a renewal that is refused does harm at a fixed instant, a creation can wait.
 */
public enum Urgency {
  /** Creations, and every mutation that is no end and no renewal: refused first. */
  CHANGE(1.0),
  /** Reads. */
  READ(0.5),
  /** Ends and renewals: refused last. */
  KEEP(0);

  private final double kept;

  Urgency(double kept) {
    this.kept = kept;
  }

  /** How many of the places such a request may find taken. */
  int placesOf(int limit, double reserve) {
    return (int) Math.ceil(limit * (1 - reserve * kept));
  }
}
