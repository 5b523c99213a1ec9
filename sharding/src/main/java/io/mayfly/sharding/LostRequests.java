package io.mayfly.sharding;

import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.lease.LeaseRequest;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import org.apache.pekko.actor.AllDeadLetters;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.DeadLetterActorRef;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Takes care of what Pekko would drop without a word. Requests to an actor that stopped before
 * their turn go on to the one that comes next; those beyond the buffer of a shard region, of a
 * shard, or of a key that writes are refused. None of them was begun.
 */
public final class LostRequests {
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final String KEY_FULL = "Stash buffer is full";

  private LostRequests() {}

  /** The way on for requests whose actor had stopped. */
  @FunctionalInterface
  public interface Again {
    /**
     * Sends a request on.
     *
     * @param stopped the actor that it came to
     * @return whether there is a way on
     */
    boolean send(EntryRequest request, org.apache.pekko.actor.ActorRef stopped);
  }

  /** Begins to take care of what is lost on this node. */
  public static void find(ActorSystem<?> system, Telemetry telemetry, Again again) {
    ActorRef<AllDeadLetters> finder =
        system.systemActorOf(finding(telemetry, again), "lost-requests", Props.empty());
    Adapter.toClassic(system)
        .eventStream()
        .subscribe(Adapter.toClassic(finder), AllDeadLetters.class);
  }

  private static Behavior<AllDeadLetters> finding(Telemetry telemetry, Again again) {
    return Behaviors.receiveMessage(
        lost -> {
          if (!sentOn(lost, again)) {
            refuse(lost.message(), full(lost), telemetry);
          }
          return Behaviors.same();
        });
  }

  private static boolean sentOn(AllDeadLetters lost, Again again) {
    return lost instanceof DeadLetter
        && lost.message() instanceof EntryRequest request
        && !(lost.recipient() instanceof DeadLetterActorRef)
        && again.send(request, lost.recipient());
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
