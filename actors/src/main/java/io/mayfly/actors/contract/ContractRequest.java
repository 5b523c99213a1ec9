package io.mayfly.actors.contract;

import io.mayfly.protocol.WireMessage;
import org.apache.pekko.actor.typed.ActorRef;

/** A command on its way to the registry. The only message that it understands. */
public record ContractRequest(ContractCommand command, ActorRef<ContractAnswer> replyTo)
    implements WireMessage {}
