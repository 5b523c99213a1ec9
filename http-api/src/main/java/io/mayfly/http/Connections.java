package io.mayfly.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The open connections of a server, and the one clock of them all: thousands that are idle cost no
 * timers of their own.
 */
final class Connections {
  private final Set<Timed> timed = ConcurrentHashMap.newKeySet();
  private final Set<Exchange.Logic> open = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Cancellable clock;
  private volatile boolean draining;

  /** What may have been left alone for too long. */
  interface Timed {
    /** Looks whether it was. Called from anywhere; must not block. */
    void look(long nowNanos);
  }

  /**
   * No connections yet.
   *
   * @param interval the time between two looks
   */
  Connections(ActorSystem<?> system, Duration interval) {
    clock =
        system
            .scheduler()
            .scheduleWithFixedDelay(interval, interval, this::look, system.executionContext());
  }

  private void look() {
    long nowNanos = System.nanoTime();
    timed.forEach(one -> one.look(nowNanos));
  }

  /** Begins to look after it. */
  void watch(Timed one) {
    timed.add(one);
  }

  /** Looks after it no more. */
  void unwatch(Timed one) {
    timed.remove(one);
  }

  /** A connection has come. */
  void opened(Exchange.Logic connection) {
    open.add(connection);
    watch(connection);
    if (draining) {
      connection.drain();
    }
  }

  /** A connection has gone. */
  void closed(Exchange.Logic connection) {
    unwatch(connection);
    open.remove(connection);
    endIfDrained();
  }

  /** Closes each connection once what it was asked is answered; completes when all are closed. */
  CompletionStage<Void> drain() {
    draining = true;
    open.forEach(Exchange.Logic::drain);
    endIfDrained();
    return ended;
  }

  private void endIfDrained() {
    if (draining && open.isEmpty()) {
      clock.cancel();
      ended.complete(null);
    }
  }
}
