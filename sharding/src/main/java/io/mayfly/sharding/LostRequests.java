package io.mayfly.sharding;

import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.lease.LeaseRequest;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import org.apache.pekko.actor.AllDeadLetters;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.internal.InternalProtocol;

/**
 * Refuses what Pekko would drop without a word: requests beyond the buffer of a shard region, of a
 * shard, or of a key that writes, and requests to an actor that stopped before their turn. None of
 * them was begun.
 */
public final class LostRequests {
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final String KEY_FULL = "Stash buffer is full";

  private LostRequests() {}

  /** Begins to refuse what is lost on this node. */
  public static void refuse(ActorSystem<?> system, Telemetry telemetry) {
    ActorRef<AllDeadLetters> refusing =
        system.systemActorOf(refusing(telemetry), "lost-requests", Props.empty());
    Adapter.toClassic(system)
        .eventStream()
        .subscribe(Adapter.toClassic(refusing), AllDeadLetters.class);
  }

  private static Behavior<AllDeadLetters> refusing(Telemetry telemetry) {
    return Behaviors.receiveMessage(
        lost -> {
          Object message =
              lost.message() instanceof InternalProtocol.IncomingCommand<?> command
                  ? command.c()
                  : lost.message();
          refuse(message, full(lost), telemetry);
          return Behaviors.same();
        });
  }

  private static boolean full(AllDeadLetters lost) {
    return lost instanceof org.apache.pekko.actor.Dropped dropped
        && dropped.reason().equals(KEY_FULL);
  }

  private static void refuse(Object message, boolean keyFull, Telemetry telemetry) {
    if (message instanceof EntryRequest request) {
      Refusal.Reason reason =
          keyFull ? Refusal.Reason.KEY_OVERLOADED : Refusal.Reason.NODE_OVERLOADED;
      if (request.command().ofAClient()) {
        telemetry.refused(request.id().namespace(), reason);
      }
      request.replyTo().tell(Refusal.later(reason, RETRY));
    } else if (message instanceof LeaseRequest request) {
      LeaseRefusal.Reason reason =
          keyFull ? LeaseRefusal.Reason.KEY_OVERLOADED : LeaseRefusal.Reason.NODE_OVERLOADED;
      request.replyTo().tell(LeaseRefusal.later(reason, RETRY));
    }
  }
}
