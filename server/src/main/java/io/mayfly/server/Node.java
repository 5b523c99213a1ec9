package io.mayfly.server;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a server running in this process. A node that its cluster removed, because others could not
 * reach it, has lost its place for good: it begins anew, as a new member with the same address.
 */
final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Config config;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable MayflyServer server;

  Node(Config config) {
    this.config = config;
  }

  /**
   * Starts the server and returns when it is ready.
   *
   * @return where it listens
   * @throws StartFailure when it cannot start, or was stopped meanwhile
   */
  String start() throws StartFailure {
    while (true) {
      MayflyServer next = MayflyServer.prepare(config);
      server = next;
      if (next.open()) {
        var unused = next.ended().whenCompleteAsync((done, failed) -> ended(), Runnable::run);
        return next.url();
      }
      next.stop();
      if (isStopped()) {
        throw new StartFailure("stopped before it was ready", null);
      }
    }
  }

  /** Stops it; returns when it has stopped. */
  void stop() {
    stopped.countDown();
    MayflyServer running = server;
    if (running != null) {
      running.stop();
    }
  }

  /** Whether it stopped because it could not go on. */
  boolean failed() {
    MayflyServer last = server;
    return last != null && last.failed();
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void ended() {
    if (!isStopped()) {
      LOG.warn("the cluster has removed this node; it joins again");
      new Thread(this::startAgain, "mayfly-rejoin").start();
    }
  }

  /** Tries until it succeeds: what failed once, such as the database, comes back. */
  private void startAgain() {
    try {
      do {
        MayflyServer before = server;
        if (before != null) {
          before.stop();
        }
        try {
          LOG.info("ready again at {}", start());
          return;
        } catch (StartFailure | RuntimeException e) {
          LOG.error("the node could not start again, and tries once more: {}", e.getMessage());
        }
      } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
