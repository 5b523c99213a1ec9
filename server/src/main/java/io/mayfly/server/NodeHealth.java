package io.mayfly.server;

import io.mayfly.http.Health;
import java.util.function.BooleanSupplier;

/** Ready from the first answer of the whole path until the node drains. */
final class NodeHealth implements Health {
  private final BooleanSupplier entitled;
  private final BooleanSupplier storeAnswers;
  private volatile boolean serving;
  private volatile boolean draining;
  private volatile boolean broken;

  /**
   * A node that does not serve yet.
   *
   * @param entitled whether the node has joined its cluster and sees the majority of it
   * @param storeAnswers whether the node can keep what it would acknowledge
   */
  NodeHealth(BooleanSupplier entitled, BooleanSupplier storeAnswers) {
    this.entitled = entitled;
    this.storeAnswers = storeAnswers;
  }

  void serve() {
    serving = true;
  }

  void drain() {
    draining = true;
  }

  void fail() {
    broken = true;
  }

  boolean failed() {
    return broken;
  }

  @Override
  public boolean live() {
    return !broken;
  }

  @Override
  public boolean ready() {
    return readiness() == Readiness.READY;
  }

  @Override
  public Readiness readiness() {
    if (draining) {
      return Readiness.DRAINING;
    }
    if (!entitled.getAsBoolean()) {
      return Readiness.NO_QUORUM;
    }
    if (broken || !storeAnswers.getAsBoolean()) {
      return Readiness.STORE_LOST;
    }
    return serving ? Readiness.READY : Readiness.STARTING;
  }
}
