package io.mayfly.http;

import java.util.Random;

/** The seed of a random test: printed, and taken from {@code mayfly.seed} to run one again. */
public final class Seed {
  private Seed() {}

  /** A source of randomness whose seed is printed. */
  public static Random random(Class<?> test) {
    String given = System.getProperty("mayfly.seed", "");
    long seed = given.matches("-?\\d+") ? Long.parseLong(given) : new Random().nextLong();
    System.out.println(test.getSimpleName() + ": mayfly.seed=" + seed);
    return new Random(seed);
  }
}
