package io.mayfly.multinode.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What is done to a cluster while clients use it, and how it is made whole again. */
public final class Fault {
  /** The kinds of faults. */
  public enum Kind {
    /** A node is killed. */
    KILL,
    /** A node stands still, and goes on. */
    PAUSE,
    /** A node stops as an operator stops it. */
    LEAVE,
    /** All nodes but one are killed. */
    MINORITY,
    /** The database stands still, and goes on. */
    DATABASE,
    /**
     * The way to the database becomes long, between 0.1 and 2 seconds each way, and short again.
     */
    SLOW_DATABASE,
    /** The clock of a node steps by 1 to 5 seconds, ahead or back, and is set right again. */
    CLOCK,
    /** A node is cut off from the others, but not from the database. */
    PARTITION,
    /** Every node is cut off from every other, but not from the database. */
    ISOLATION
  }

  private static final Duration STEP_MIN = Duration.ofSeconds(1);
  private static final Duration STEP_MAX = Duration.ofSeconds(5);

  private final Kind kind;
  private final ClusterProcess cluster;
  private final SplittableRandom random;
  private final int chosen;

  /** A fault of a kind, at a node that chance chooses. */
  public Fault(Kind kind, ClusterProcess cluster, SplittableRandom random) {
    this.kind = kind;
    this.cluster = cluster;
    this.random = random;
    this.chosen = random.nextInt(1, cluster.size() + 1);
  }

  /** Breaks the cluster. */
  public void inflict() throws IOException {
    switch (kind) {
      case KILL -> cluster.kill(chosen);
      case PAUSE -> cluster.pause(chosen);
      case LEAVE -> cluster.terminate(chosen);
      case MINORITY -> others().forEach(cluster::kill);
      case DATABASE -> cluster.pauseDatabase();
      case SLOW_DATABASE -> cluster.delayDatabase(Duration.ofMillis(random.nextInt(100, 2_000)));
      case CLOCK -> cluster.stepClock(chosen, step());
      case PARTITION -> cluster.cutOff(chosen);
      case ISOLATION -> cluster.cutApart();
    }
  }

  /** The nodes that must serve every key while the cluster is broken. */
  public List<Integer> serving() {
    return switch (kind) {
      case KILL, PAUSE, LEAVE, PARTITION -> others();
      case MINORITY, DATABASE, SLOW_DATABASE, CLOCK, ISOLATION -> List.of();
    };
  }

  /** The nodes that must refuse every request for lack of a quorum while the cluster is broken. */
  public List<Integer> refusing() {
    return switch (kind) {
      case MINORITY, PARTITION -> List.of(chosen);
      case ISOLATION -> IntStream.rangeClosed(1, cluster.size()).boxed().toList();
      case KILL, PAUSE, LEAVE, DATABASE, SLOW_DATABASE, CLOCK -> List.of();
    };
  }

  /** What is broken. */
  public Kind kind() {
    return kind;
  }

  /** The node that chance has chosen. */
  public int chosen() {
    return chosen;
  }

  /** Whether some nodes can go on with everything while the cluster is broken. */
  public boolean survivable() {
    return !serving().isEmpty();
  }

  /** Makes the cluster whole, at once or after a while. */
  public void mend() throws IOException {
    switch (kind) {
      case KILL, LEAVE -> cluster.restart(chosen);
      case PAUSE -> cluster.resume(chosen);
      case MINORITY -> others().forEach(cluster::restart);
      case DATABASE -> {
        stand(Duration.ofMillis(random.nextInt(500, 15_000)));
        cluster.resumeDatabase();
      }
      case SLOW_DATABASE -> {
        stand(Duration.ofMillis(random.nextInt(500, 15_000)));
        cluster.delayDatabase(Duration.ZERO);
      }
      case CLOCK -> {
        stand(Duration.ofMillis(random.nextInt(500, 15_000)));
        cluster.setClock(chosen);
      }
      case PARTITION, ISOLATION -> cluster.heal();
    }
  }

  /** How far the clocks of nodes may be apart meanwhile. */
  public Duration clocksApart() {
    return kind == Kind.CLOCK ? STEP_MAX : Duration.ZERO;
  }

  private Duration step() {
    Duration step = Duration.ofMillis(random.nextLong(STEP_MIN.toMillis(), STEP_MAX.toMillis()));
    return random.nextBoolean() ? step : step.negated();
  }

  private List<Integer> others() {
    List<Integer> others = new ArrayList<>();
    for (int node = 1; node <= cluster.size(); node++) {
      if (node != chosen) {
        others.add(node);
      }
    }
    return others;
  }

  @Override
  public String toString() {
    return kind + " with node " + chosen;
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
