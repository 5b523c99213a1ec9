package io.mayfly.actors.lease;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseReply;
import org.apache.pekko.actor.typed.ActorRef;

/** A command on its way to the actor of its resource. The only message that it understands. */
public record LeaseRequest(LeaseId id, LeaseCommand command, ActorRef<LeaseReply> replyTo)
    implements WireMessage {}
