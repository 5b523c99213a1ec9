package io.mayfly.testkit.sim;

/** How well the journal works at the moment. */
final class JournalFaults {
  private static final long MICRO = 1_000;

  private final Dice dice;
  private double failing;
  private long slowNanos;

  /** What becomes of a write. */
  enum Fate {
    /** It is stored and answered. */
    STORED,
    /** It is not stored, and answered as failed. */
    LOST,
    /** It is stored, and answered as failed. */
    UNANSWERED
  }

  JournalFaults(Dice dice) {
    this.dice = dice;
  }

  /**
   * Sets how it works from now on.
   *
   * @param share of the writes that fail
   * @param slow the most that a way to the store takes besides the usual
   */
  void set(double share, long slow) {
    failing = share;
    slowNanos = slow;
  }

  long delayNanos(Node node) {
    long usual = dice.between(100 * MICRO, 2_000 * MICRO);
    return slowNanos == 0 ? usual : usual + dice.between(0, slowNanos);
  }

  boolean cut(Node node) {
    return node.cutFromJournal() || !node.stands();
  }

  Fate fate(Node node) {
    if (cut(node)) {
      return Fate.LOST;
    }
    if (!dice.chance(failing)) {
      return Fate.STORED;
    }
    return dice.chance(0.5) ? Fate.LOST : Fate.UNANSWERED;
  }
}
