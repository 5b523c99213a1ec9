package io.mayfly.actors.time;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * The address of a reply whose caller waits for a bounded time. It settles whether work begins or
 * its caller gives up first, so that a caller who gave up in time knows that nothing was done.
 */
public interface Awaited {
  /** Begins the work; false when the caller gave up before, and nothing may be done then. */
  boolean begin();

  /**
   * Whether work may begin. An address on another node cannot be asked: there the clock decides.
   *
   * @param untilMillis the instant at which the caller gives up; 0 for never
   */
  static boolean begins(ActorRef<?> replyTo, long untilMillis, long nowMillis) {
    return Adapter.toClassic(replyTo) instanceof Awaited awaited
        ? awaited.begin()
        : untilMillis == 0 || nowMillis < untilMillis;
  }

  /**
   * When a node took a command from its caller, as the clock of its actor counts.
   *
   * @param sinceMillis what the node said; 0 for nothing
   */
  static long since(long sinceMillis, long nowMillis) {
    return sinceMillis == 0 ? nowMillis : Math.min(sinceMillis, nowMillis);
  }
}
