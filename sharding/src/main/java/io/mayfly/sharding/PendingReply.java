package io.mayfly.sharding;

import io.mayfly.actors.time.Awaited;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.ActorPath;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorRefProvider;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.EmptyLocalActorRef;
import org.apache.pekko.event.EventStream;
import org.jspecify.annotations.Nullable;

/**
 * The address of one awaited reply. Lighter than an ask: no actor, no timer of its own, and a path
 * only when the request leaves the node. Its hash is that of its path, so no collection may hold it
 * as a key.
 *
 * <p>The caller may give up before the reply comes. The request is then still on its way, and
 * counts until its actor answers: what was not begun never will be.
 *
 * <p>Invariant: what is counted is counted out exactly once, before a reply that is in time is
 * seen.
 */
final class PendingReply<R> extends EmptyLocalActorRef implements Awaited {
  private enum Stage {
    WAITING,
    BEGUN,
    GIVEN_UP,
    OVER
  }

  private final Wait<R> wait;
  private final Runnable done;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
  private final CompletableFuture<R> reply = new CompletableFuture<>();
  private final long number;
  private volatile @Nullable Address answeredFrom;
  private volatile boolean forwarded;
  private @Nullable ActorPath registered;

  /**
   * How a reply is waited for.
   *
   * @param type what a reply is; anything else is no answer
   * @param unknown what the caller gets instead when the work may have begun
   * @param notBegun what it gets when the work did not and will not begin
   * @param sentNanos when the request was sent
   * @param deadlineNanos when the caller gives up
   * @param forgetNanos when a request counts no more, even if its actor never answers
   * @param nanos the clock of these instants
   * @param begun takes how many nanoseconds the request waited to be begun
   */
  record Wait<R>(
      Class<R> type,
      R unknown,
      R notBegun,
      long sentNanos,
      long deadlineNanos,
      long forgetNanos,
      LongSupplier nanos,
      LongConsumer begun) {}

  /**
   * An address that nobody knows yet.
   *
   * @param number that no other reply of this node has
   * @param done called once, when the request is no longer on its way
   */
  PendingReply(
      ActorRefProvider provider, EventStream events, long number, Wait<R> wait, Runnable done) {
    super(provider, provider.deadLetters().path(), events);
    this.number = number;
    this.wait = wait;
    this.done = done;
  }

  CompletableFuture<R> reply() {
    return reply;
  }

  /** What no other reply of this node has. */
  long number() {
    return number;
  }

  /** The other node whose actor has replied; absent when none has, or one of this node. */
  @Nullable Address answeredFrom() {
    return answeredFrom;
  }

  /**
   * The request is about to leave the node, where nobody can tell whether the work began, or has
   * not left it after all.
   */
  void forwarded(boolean left) {
    forwarded = left;
  }

  @Override
  public boolean begin() {
    if (stage.compareAndSet(Stage.WAITING, Stage.BEGUN)) {
      wait.begun().accept(wait.nanos().getAsLong() - wait.sentNanos());
      return true;
    }
    return stage.get() == Stage.BEGUN;
  }

  /** Gives up what is overdue, and forgets what nobody answers. */
  void look(long nowNanos) {
    if (stage.get() == Stage.GIVEN_UP) {
      if (nowNanos - wait.forgetNanos() >= 0) {
        over();
      }
    } else if (nowNanos - wait.deadlineNanos() >= 0) {
      giveUp(nowNanos);
    }
  }

  private void giveUp(long nowNanos) {
    boolean idle = !sent() && stage.compareAndSet(Stage.WAITING, Stage.GIVEN_UP);
    if (idle
        || stage.compareAndSet(Stage.BEGUN, Stage.GIVEN_UP)
        || stage.compareAndSet(Stage.WAITING, Stage.GIVEN_UP)) {
      if (nowNanos - wait.forgetNanos() >= 0) {
        over();
      }
      reply.complete(idle ? wait.notBegun() : wait.unknown());
    }
  }

  /** Ends the way of the request; the stage before tells whether somebody still waits. */
  private Stage over() {
    Stage before = stage.getAndSet(Stage.OVER);
    if (before != Stage.OVER) {
      done.run();
      unregister();
    }
    return before;
  }

  @Override
  public void $bang(Object message, @Nullable ActorRef sender) {
    if (wait.type().isInstance(message)) {
      if (sender != null && sender.path().address().hasGlobalScope()) {
        answeredFrom = sender.path().address();
      }
      Stage before = over();
      if (before == Stage.WAITING || before == Stage.BEGUN) {
        reply.complete(wait.type().cast(message));
      }
    }
  }

  @Override
  public synchronized ActorPath path() {
    if (registered == null) {
      registered = provider().tempPath();
      // A request that was sent on after its wait had ended: nobody would take the name back.
      if (stage.get() != Stage.OVER) {
        provider().registerTempActor(this, registered);
      }
    }
    return registered;
  }

  /** Whether the request left the node, where nobody can tell whether the work began. */
  private synchronized boolean sent() {
    return forwarded || registered != null;
  }

  private synchronized void unregister() {
    if (registered != null) {
      provider().unregisterTempActor(registered);
    }
  }
}
