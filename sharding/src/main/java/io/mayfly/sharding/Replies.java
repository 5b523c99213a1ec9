package io.mayfly.sharding;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * The replies of one kind that this node awaits.
 *
 * <p>They complete on the thread of the answering actor. One task of the node ends the waits whose
 * time is over, so that a request needs no timer.
 */
final class Replies<R> {
  private static final Duration EXPIRY_INTERVAL = Duration.ofMillis(20);

  private final ExtendedActorSystem system;
  private final Class<R> type;
  private final R unanswered;
  private final Map<Long, PendingReply<R>> pending = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();

  /**
   * Nothing is awaited yet.
   *
   * @param unanswered what stands for a reply that did not come in time
   */
  Replies(ActorSystem<?> system, Class<R> type, R unanswered) {
    this.system = (ExtendedActorSystem) Adapter.toClassic(system);
    this.type = type;
    this.unanswered = unanswered;
    var unused =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                EXPIRY_INTERVAL, EXPIRY_INTERVAL, this::expire, system.executionContext());
  }

  /**
   * Awaits one more reply.
   *
   * @param done called once, before the reply is seen
   */
  PendingReply<R> await(Duration timeout, Runnable done) {
    Long number = sent.incrementAndGet();
    PendingReply<R> reply =
        new PendingReply<>(
            system.provider(),
            system.eventStream(),
            type,
            System.nanoTime() + timeout.toNanos(),
            () -> {
              pending.remove(number);
              done.run();
            });
    pending.put(number, reply);
    return reply;
  }

  private void expire() {
    long now = System.nanoTime();
    for (PendingReply<R> reply : pending.values()) {
      if (reply.overdue(now)) {
        reply.complete(unanswered);
      }
    }
  }
}
