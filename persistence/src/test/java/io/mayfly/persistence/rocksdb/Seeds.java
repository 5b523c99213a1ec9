package io.mayfly.persistence.rocksdb;

import java.util.Random;

/** Seeds of random tests, printed, and taken from {@code mayfly.seed} to run one again. */
final class Seeds {
  private Seeds() {}

  static Random random() {
    Long given = Long.getLong("mayfly.seed");
    long seed = given != null ? given : System.nanoTime();
    System.out.println("mayfly.seed=" + seed);
    return new Random(seed);
  }
}
