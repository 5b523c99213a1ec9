package io.mayfly.testkit;

import java.time.Duration;

/**
 * Something that goes wrong at one moment of a run.
 *
 * @param at since the start of the run
 * @param node whom it happens to, where it happens to one
 * @param length how long it lasts, where it lasts
 * @param amount how bad it is: a share, or for clocks a number of milliseconds
 */
public record Fault(Duration at, Kind kind, int node, Duration length, double amount) {
  /** What can go wrong. */
  public enum Kind {
    /** A node dies, and starts again. */
    CRASH,
    /** A node is cut off from the other nodes. */
    CUT_FROM_PEERS,
    /** A node is cut off from the store. */
    CUT_FROM_JOURNAL,
    /** Writes fail, or succeed without an answer. */
    FAILING_WRITES,
    /** The store is slow. */
    SLOW_JOURNAL,
    /** Messages are lost, and some arrive twice. */
    LOSSY_NETWORK,
    /** Messages take long, and overtake each other. */
    SLOW_NETWORK,
    /** The clock of a node jumps. */
    CLOCK_STEP,
    /** The clock of a node runs too fast, or too slow. */
    CLOCK_DRIFT,
    /** A shard moves to another node. */
    MOVE,
    /** All keys leave the memory. */
    PASSIVATION
  }

  @Override
  public String toString() {
    return kind + " node=" + node + " for " + length + " amount=" + amount;
  }
}
