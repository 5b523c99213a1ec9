package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryCommand.Settle;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Settled;
import java.time.Duration;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a key. It makes ends punctual and is never needed for them to be right.
 *
 * <p>A timer that rings before its time costs a look at the clock, while one that is replaced at
 * each renewal would stay in the scheduler until its wheel comes round. So a standing timer is only
 * replaced by an earlier one.
 */
final class Timekeeper {
  /** The longest that a timer runs before it looks at the clock again. */
  private static final long HOP_MILLIS = 3_600_000;

  private final ActorContext<EntryRequest> context;
  private final EntrySurroundings surroundings;
  private final EntryRequest ring;
  private @Nullable Cancellable timer;
  private @Nullable ActorRef<EntryReply> waker;
  private long ringsAtMillis;
  private long slotMillis;

  Timekeeper(EntryId id, ActorContext<EntryRequest> context, EntrySurroundings surroundings) {
    this.context = context;
    this.surroundings = surroundings;
    this.ring = new EntryRequest(id, Settle.NOW, context.getSystem().ignoreRef());
  }

  /**
   * Whether the request may be decided now; it is answered here if not. What only the clock asks
   * for waits for its slot in the node's pace; the timer then brings it back. Who made the entry
   * take the slot is answered when it has had it, so that nobody wakes more entries than the pace
   * lets end.
   */
  boolean admits(EntryRequest request, EntryState state, long nowMillis) {
    if (!(request.command() instanceof Settle)) {
      return true;
    }
    if (request.equals(ring)) {
      timer = null;
    }
    if (state.wakeAtMillis() == 0 || nowMillis < state.wakeAtMillis()) {
      slotMillis = 0;
      return true;
    }
    boolean first = slotMillis == 0;
    if (first) {
      slotMillis = surroundings.pace().reserveMillis(nowMillis);
    }
    if (slotMillis <= nowMillis) {
      slotMillis = 0;
      return true;
    }
    ringAt(slotMillis, nowMillis);
    if (first) {
      waker = request.replyTo();
    } else {
      request.replyTo().tell(Settled.INSTANCE);
    }
    return false;
  }

  /** Makes the timer agree with the state. */
  void follow(EntryState state) {
    answerWaker();
    long wakeAtMillis = state.wakeAtMillis();
    if (wakeAtMillis != 0) {
      ringAt(wakeAtMillis, surroundings.clock().millis());
    }
  }

  /** Lets go of the timer, which would hold the stopped actor until the deadline. */
  void stop() {
    answerWaker();
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void answerWaker() {
    if (waker != null) {
      waker.tell(Settled.INSTANCE);
      waker = null;
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
