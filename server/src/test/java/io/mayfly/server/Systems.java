package io.mayfly.server;

import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;

/** Actor systems of tests. */
final class Systems {
  private static final long PATIENCE_SECONDS = 15;

  private Systems() {}

  /** Stops one, and returns when it has ended; fails when it does not end in time. */
  static void stop(ActorSystem system) {
    system.terminate();
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
