package io.mayfly.server;

import java.util.Random;
import java.util.SplittableRandom;

/** The seed of a random test: printed, and chosen again with {@code -Dmayfly.seed}. */
final class Seed {
  private Seed() {}

  /** A generator whose seed is printed. */
  static SplittableRandom random(String test) {
    String chosen = System.getProperty("mayfly.seed", "");
    long seed = chosen.matches("-?\\d+") ? Long.parseLong(chosen) : new Random().nextLong();
    System.out.println(test + ": mayfly.seed=" + seed);
    return new SplittableRandom(seed);
  }
}
