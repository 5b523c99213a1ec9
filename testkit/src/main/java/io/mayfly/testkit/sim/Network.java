package io.mayfly.testkit.sim;

/**
 * The ways between clients and nodes, and between nodes. Every message has a delay of its own, so
 * that later ones overtake; some are lost, and some arrive twice, where the flaws ask for it.
 */
final class Network {
  private static final long MICRO = 1_000;

  private final World world;
  private final Dice dice;
  private double losing;
  private double doubling;
  private long slowNanos;

  Network(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
  }

  /**
   * Sets how it works from now on.
   *
   * @param loss the share of messages that are lost
   * @param duplication the share of repeatable ones that arrive twice
   * @param slow the most that a message takes besides the usual
   */
  void set(double loss, double duplication, long slow) {
    losing = loss;
    doubling = duplication;
    slowNanos = slow;
  }

  /** Whether something repeatable is sent twice. */
  boolean doubles() {
    return dice.chance(doubling);
  }

  /** Lets a message between a client and a node arrive, or not. */
  void outside(Runnable arrival) {
    if (!dice.chance(losing)) {
      world.later(delayNanos(), arrival);
    }
  }

  /** Lets a message from one node to another arrive, or not. */
  void between(Node from, Node to, Runnable arrival) {
    if (!from.alive() || from.cutFromPeers() || to.cutFromPeers() || dice.chance(losing / 4)) {
      return;
    }
    world.later(
        delayNanos(),
        () -> {
          if (to.alive() && !to.cutFromPeers()) {
            arrival.run();
          }
        });
  }

  private long delayNanos() {
    long usual = dice.between(50 * MICRO, 1_000 * MICRO);
    return slowNanos == 0 ? usual : usual + dice.between(0, slowNanos);
  }
}
