package io.mayfly.sharding;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.ActorPath;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorRefProvider;
import org.apache.pekko.actor.EmptyLocalActorRef;
import org.apache.pekko.event.EventStream;
import org.jspecify.annotations.Nullable;

/**
 * The address of one awaited reply. Lighter than an ask: no actor, no timer of its own, and a path
 * only when the request leaves the node. Its hash is that of its path, so no collection may hold it
 * as a key.
 */
final class PendingReply<R> extends EmptyLocalActorRef {
  private final Class<R> type;
  private final Runnable done;
  private final AtomicBoolean answered = new AtomicBoolean();
  private final CompletableFuture<R> reply = new CompletableFuture<>();
  private final long deadlineNanos;
  private @Nullable ActorPath registered;

  /**
   * An address that nobody knows yet.
   *
   * @param type what a reply is; anything else is no answer
   * @param done called once, before the reply is seen
   */
  PendingReply(
      ActorRefProvider provider,
      EventStream events,
      Class<R> type,
      long deadlineNanos,
      Runnable done) {
    super(provider, provider.deadLetters().path(), events);
    this.type = type;
    this.deadlineNanos = deadlineNanos;
    this.done = done;
  }

  CompletableFuture<R> reply() {
    return reply;
  }

  boolean overdue(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  /** Ends the wait; only the first answer counts. */
  void complete(R answer) {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    done.run();
    unregister();
    reply.complete(answer);
  }

  @Override
  public void $bang(Object message, ActorRef sender) {
    if (type.isInstance(message)) {
      complete(type.cast(message));
    }
  }

  @Override
  public synchronized ActorPath path() {
    if (registered == null) {
      registered = provider().tempPath();
      provider().registerTempActor(this, registered);
    }
    return registered;
  }

  private synchronized void unregister() {
    if (registered != null) {
      provider().unregisterTempActor(registered);
    }
  }
}
