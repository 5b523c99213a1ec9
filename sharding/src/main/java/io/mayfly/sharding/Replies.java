package io.mayfly.sharding;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * The replies of one kind that this node awaits.
 *
 * <p>They complete on the thread of the answering actor. One task ends the waits whose time is
 * over, so that a request needs no timer.
 */
final class Replies<R> {
  private static final Duration EXPIRY_INTERVAL = Duration.ofMillis(20);

  private final ExtendedActorSystem system;
  private final LongSupplier nanos;
  private final Class<R> type;
  private final R unknown;
  private final R notBegun;
  private final Map<Long, PendingReply<R>> pending = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicBoolean looking = new AtomicBoolean();

  /**
   * Nothing is awaited yet.
   *
   * @param nanos a clock that only measures
   * @param unknown what stands for a reply that did not come in time
   * @param notBegun what stands for it when the work did not and will not begin
   */
  Replies(ActorSystem<?> system, LongSupplier nanos, Class<R> type, R unknown, R notBegun) {
    this.system = (ExtendedActorSystem) Adapter.toClassic(system);
    this.nanos = nanos;
    this.type = type;
    this.unknown = unknown;
    this.notBegun = notBegun;
  }

  /**
   * Awaits one more reply.
   *
   * @param lingering how much longer than its caller waits the request is on its way, at most
   * @param begun takes how many nanoseconds it waited, when it is begun on this node
   * @param done called once, when the request is no longer on its way
   */
  PendingReply<R> await(Duration timeout, Duration lingering, LongConsumer begun, Runnable done) {
    Long number = sent.incrementAndGet();
    long sentNanos = nanos.getAsLong();
    long deadlineNanos = sentNanos + timeout.toNanos();
    PendingReply<R> reply =
        new PendingReply<>(
            system.provider(),
            system.eventStream(),
            number,
            new PendingReply.Wait<>(
                type,
                unknown,
                notBegun,
                sentNanos,
                deadlineNanos,
                deadlineNanos + lingering.toNanos(),
                nanos,
                begun),
            () -> {
              pending.remove(number);
              done.run();
            });
    pending.put(number, reply);
    lookLater();
    return reply;
  }

  /** While nothing is awaited, nothing is looked for. */
  private void lookLater() {
    if (!looking.get() && looking.compareAndSet(false, true)) {
      var unused =
          system.scheduler().scheduleOnce(EXPIRY_INTERVAL, this::look, system.dispatcher());
    }
  }

  /** A wait that begins while this ends either is still seen, or arms the next look itself. */
  private void look() {
    long now = nanos.getAsLong();
    for (PendingReply<R> reply : pending.values()) {
      reply.look(now);
    }
    looking.set(false);
    if (!pending.isEmpty()) {
      lookLater();
    }
  }
}
