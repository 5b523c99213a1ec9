package io.mayfly.testing;

import java.util.Random;
import java.util.SplittableRandom;

/** The seed of a random test: printed, and chosen again with {@code -Dmayfly.seed}. */
public final class Seed {
  private Seed() {}

  /** A generator whose seed is printed. */
  public static SplittableRandom random(String test) {
    String chosen = System.getProperty("mayfly.seed", "");
    long seed = chosen.matches("-?\\d+") ? Long.parseLong(chosen) : new Random().nextLong();
    System.out.println(test + ": mayfly.seed=" + seed);
    return new SplittableRandom(seed);
  }

  /** How often a test repeats its fault: {@code -Dmayfly.rounds}, else the given number. */
  public static int rounds(int byDefault) {
    String chosen = System.getProperty("mayfly.rounds", "");
    return chosen.matches("\\d+") ? Integer.parseInt(chosen) : byDefault;
  }
}
