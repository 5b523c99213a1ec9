package io.mayfly.multinode.cluster;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What is done to a cluster while clients use it. The cluster is whole again afterwards. */
public enum Fault {
  /** A node is killed, and started again when the others have taken over. */
  KILL(Duration.ofSeconds(20)) {
    @Override
    public void inflict(ClusterProcess cluster, SplittableRandom random) {
      int victim = random.nextInt(1, cluster.size() + 1);
      cluster.kill(victim);
      stand(Duration.ofSeconds(16));
      cluster.restart(victim);
    }
  },
  /** A node stands still for so long that the others take over, and then goes on. */
  PAUSE(Duration.ofSeconds(20)) {
    @Override
    public void inflict(ClusterProcess cluster, SplittableRandom random) {
      int victim = random.nextInt(1, cluster.size() + 1);
      cluster.pause(victim);
      stand(Duration.ofMillis(random.nextInt(500, 18_000)));
      cluster.resume(victim);
    }
  },
  /** A node stops as an operator stops it, and is started again. */
  LEAVE(Duration.ofSeconds(20)) {
    @Override
    public void inflict(ClusterProcess cluster, SplittableRandom random) {
      int victim = random.nextInt(1, cluster.size() + 1);
      cluster.terminate(victim);
      cluster.restart(victim);
    }
  },
  /** All nodes but one are killed: the one that is left must not go on by itself. */
  MINORITY(Duration.ofSeconds(30)) {
    @Override
    public void inflict(ClusterProcess cluster, SplittableRandom random) {
      int left = random.nextInt(1, cluster.size() + 1);
      for (int node = 1; node <= cluster.size(); node++) {
        if (node != left) {
          cluster.kill(node);
        }
      }
      stand(Duration.ofSeconds(random.nextInt(3, 16)));
      for (int node = 1; node <= cluster.size(); node++) {
        if (node != left) {
          cluster.restart(node);
        }
      }
    }
  },
  /** The database stands still, and goes on. */
  DATABASE(Duration.ofSeconds(20)) {
    @Override
    public void inflict(ClusterProcess cluster, SplittableRandom random) {
      cluster.pauseDatabase();
      stand(Duration.ofMillis(random.nextInt(500, 15_000)));
      cluster.resumeDatabase();
    }
  };

  private final Duration recovery;

  Fault(Duration recovery) {
    this.recovery = recovery;
  }

  /** Breaks the cluster and mends it. */
  public abstract void inflict(ClusterProcess cluster, SplittableRandom random);

  /** How long after the end of the fault every key must be served again. */
  public Duration recovery() {
    return recovery;
  }

  /** A fault has a length: here alone, time is what is waited for. */
  private static void stand(Duration length) {
    try {
      boolean never = new CountDownLatch(1).await(length.toMillis(), TimeUnit.MILLISECONDS);
      if (never) {
        throw new AssertionError("nobody counts down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
