package io.mayfly.actors.entry;

import io.mayfly.actors.time.Awaited;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to the actor of its key. The only message that an entry understands.
 *
 * @param sinceMillis the instant at which a node took it from its caller; 0 when none did
 * @param untilMillis the instant at which the caller gives up; 0 for never
 * @param trace the context in which its steps are followed; absent when they are not
 */
public record EntryRequest(
    EntryId id,
    EntryCommand command,
    ActorRef<EntryReply> replyTo,
    long sinceMillis,
    long untilMillis,
    @Nullable String trace)
    implements WireMessage {

  /** A command whose sender waits for ever, or for nothing. */
  public EntryRequest(EntryId id, EntryCommand command, ActorRef<EntryReply> replyTo) {
    this(id, command, replyTo, 0, 0, null);
  }

  /** Whether the work may begin; to be asked once, before the command is decided. */
  boolean begins(long nowMillis) {
    return Awaited.begins(replyTo, untilMillis, nowMillis);
  }

  /** Answers, so that who gets the reply sees which actor it comes from, and on which node. */
  void answer(EntryReply reply, ActorRef<EntryRequest> actor) {
    Adapter.toClassic(replyTo).tell(reply, Adapter.toClassic(actor));
  }
}
