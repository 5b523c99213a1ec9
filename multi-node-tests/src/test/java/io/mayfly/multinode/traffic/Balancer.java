package io.mayfly.multinode.traffic;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Chooses nodes as a load balancer does: those that have just said that they are ready. */
public final class Balancer implements Supplier<List<StateClient>>, AutoCloseable {
  private static final long LOOK_MILLIS = 200;

  private final List<StateClient> nodes;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile List<StateClient> ready;

  /** Begins to look at nodes, all of which are ready now. */
  public Balancer(List<StateClient> nodes) {
    this.nodes = List.copyOf(nodes);
    this.ready = this.nodes;
    new Thread(this::run, "balancer").start();
  }

  private void run() {
    try {
      while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        List<StateClient> found = nodes.stream().filter(Balancer::isReady).toList();
        ready = found.isEmpty() ? nodes : found;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isReady(StateClient node) {
    try {
      return node.readiness().status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The nodes to ask now; all of them where none is ready. */
  @Override
  public List<StateClient> get() {
    return ready;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
