package io.mayfly.actors.entry;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import org.apache.pekko.actor.typed.ActorRef;

/** A command on its way to the actor of its key. The only message that an entry understands. */
public record EntryRequest(EntryId id, EntryCommand command, ActorRef<EntryReply> replyTo)
    implements WireMessage {}
