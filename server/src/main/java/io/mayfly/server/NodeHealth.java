package io.mayfly.server;

import io.mayfly.http.Health;

/** Ready from the first answer of the whole path until the node drains. */
final class NodeHealth implements Health {
  private final ClusterMembership membership;
  private volatile boolean serving;
  private volatile boolean broken;

  NodeHealth(ClusterMembership membership) {
    this.membership = membership;
  }

  void serve() {
    serving = true;
  }

  void drain() {
    serving = false;
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
    return serving && !broken && membership.up();
  }
}
