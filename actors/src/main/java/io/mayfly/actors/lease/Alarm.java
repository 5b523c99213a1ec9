package io.mayfly.actors.lease;

import io.mayfly.protocol.lease.LeaseCommand.Settle;
import io.mayfly.protocol.lease.LeaseId;
import java.time.Duration;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a resource: for the end of a lease, of a cooldown, of a waiter's patience, and
 * of the actor's own stay in memory, whichever comes first. It makes them punctual and is never
 * needed for them to be right.
 *
 * <p>A standing timer is only replaced by an earlier one: one that rings before its time costs a
 * look at the clock.
 */
final class Alarm {
  /** The longest that a timer runs before it looks at the clock again. */
  private static final long HOP_MILLIS = 3_600_000;

  private final ActorContext<LeaseRequest> context;
  private final LeaseSurroundings surroundings;
  private final LeaseRequest ring;
  private @Nullable Cancellable timer;
  private long ringsAtMillis;
  private long slotMillis;
  private long usedAtMillis;

  Alarm(LeaseId id, ActorContext<LeaseRequest> context, LeaseSurroundings surroundings) {
    this.context = context;
    this.surroundings = surroundings;
    this.ring = new LeaseRequest(id, Settle.NOW, context.getSystem().ignoreRef());
  }

  /**
   * Whether the request may be decided now. What only the clock asks for, and nobody waits for,
   * waits for its slot in the node's pace; the timer then brings it back.
   */
  boolean admits(LeaseRequest request, LeaseState state, Situation situation) {
    long now = situation.nowMillis();
    if (request.equals(ring)) {
      timer = null;
    }
    if (!(request.command() instanceof Settle)) {
      usedAtMillis = now;
      return true;
    }
    boolean due = state.wakeAtMillis() != 0 && now >= state.wakeAtMillis();
    if (!due || !situation.queue().isEmpty()) {
      slotMillis = 0;
      return true;
    }
    if (slotMillis == 0) {
      slotMillis = surroundings.pace().reserveMillis(now);
    }
    if (slotMillis > now) {
      ringAt(slotMillis, now);
      return false;
    }
    slotMillis = 0;
    return true;
  }

  /**
   * Makes the timer agree with the state and the queue, and says whether the actor was unused for
   * long enough to leave the memory.
   */
  boolean follow(LeaseState state, Queue queue) {
    long now = surroundings.clock().millis();
    if (usedAtMillis == 0) {
      usedAtMillis = now;
    }
    long idleAtMillis = usedAtMillis + surroundings.passivateAfter().toMillis();
    long next = state.wakeAtMillis() == 0 ? Long.MAX_VALUE : state.wakeAtMillis();
    if (!queue.isEmpty()) {
      next = Math.min(next, queue.firstUntilMillis());
      next = Math.min(next, state.resource().firstRestedMillis(now));
    }
    boolean idle = queue.isEmpty() && now >= idleAtMillis;
    if (!idle) {
      ringAt(queue.isEmpty() ? Math.min(next, idleAtMillis) : next, now);
    }
    return idle;
  }

  /** Lets go of the timer, which would hold the stopped actor until it rings. */
  void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void ringAt(long atMillis, long nowMillis) {
    if (timer != null && ringsAtMillis <= atMillis) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    long delayMillis = Math.max(1, Math.min(atMillis - nowMillis, HOP_MILLIS));
    ringsAtMillis = nowMillis + delayMillis;
    timer = context.scheduleOnce(Duration.ofMillis(delayMillis), context.getSelf(), ring);
  }
}
