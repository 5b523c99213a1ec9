package io.mayfly.actors.lease;

import io.mayfly.actors.time.Awaited;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseReply;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A command on its way to the actor of its resource. The only message that it understands.
 *
 * @param untilMillis the instant at which the caller gives up; 0 for never
 */
public record LeaseRequest(
    LeaseId id, LeaseCommand command, ActorRef<LeaseReply> replyTo, long untilMillis)
    implements WireMessage {

  /** A command whose sender waits for ever, or for nothing. */
  public LeaseRequest(LeaseId id, LeaseCommand command, ActorRef<LeaseReply> replyTo) {
    this(id, command, replyTo, 0);
  }

  /** Whether the work may begin; to be asked once, before the command is decided. */
  boolean begins(long nowMillis) {
    return Awaited.begins(replyTo, untilMillis, nowMillis);
  }
}
