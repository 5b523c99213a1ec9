package io.mayfly.testkit.sim;

/**
 * Random numbers from a seed (SplitMix64), the same on every machine and every version of Java. Not
 * for use by several threads.
 */
public final class Dice {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  /** Dice that always fall the same way. */
  public Dice(long seed) {
    this.state = seed;
  }

  /** Other dice of the same seed, whose throws do not depend on each other. */
  public static Dice of(long seed, String purpose) {
    return new Dice(mixed(seed * GAMMA + purpose.hashCode()));
  }

  /** Any number. */
  public long next() {
    state += GAMMA;
    return mixed(state);
  }

  /**
   * A number from 0 to below the bound.
   *
   * @param bound from 1
   */
  public int below(int bound) {
    return (int) ((next() >>> 33) % bound);
  }

  /** A number from the first to the second, both included. */
  public long between(long least, long most) {
    return least + (next() >>> 1) % (most - least + 1);
  }

  /** Whether something of this probability happens. */
  public boolean chance(double probability) {
    return probability > 0 && (next() >>> 11) * 0x1.0p-53 < probability;
  }

  private static long mixed(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
