package io.mayfly.actors.lease;

import io.mayfly.actors.time.Awaited;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseReply;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to the actor of its resource. The only message that it understands.
 *
 * @param sinceMillis the instant at which a node took it from its caller; 0 when none did
 * @param untilMillis the instant at which the caller gives up; 0 for never
 * @param trace the context in which its steps are followed; absent when they are not
 */
public record LeaseRequest(
    LeaseId id,
    LeaseCommand command,
    ActorRef<LeaseReply> replyTo,
    long sinceMillis,
    long untilMillis,
    @Nullable String trace)
    implements WireMessage {

  /** A command whose sender waits for ever, or for nothing. */
  public LeaseRequest(LeaseId id, LeaseCommand command, ActorRef<LeaseReply> replyTo) {
    this(id, command, replyTo, 0, 0, null);
  }

  /** Whether the work may begin; to be asked once, before the command is decided. */
  boolean begins(long nowMillis) {
    return Awaited.begins(replyTo, untilMillis, nowMillis);
  }
}
