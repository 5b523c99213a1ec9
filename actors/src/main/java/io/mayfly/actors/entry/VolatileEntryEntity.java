package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply.Settled;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Hosts an entry that lives in memory alone, under the same rules as {@link EntryEntity}.
 *
 * <p>Once it has asked to stop it decides nothing more: what it accepted then would go with it. A
 * request that arrives meanwhile is sent on its way again, and reaches the actor that comes next.
 */
public final class VolatileEntryEntity extends AbstractBehavior<EntryRequest> {
  private final EntryId id;
  private final EntrySurroundings surroundings;
  private final Consumer<EntryEvent> outside;
  private final Consumer<ActorRef<EntryRequest>> passivate;
  private final Consumer<EntryRequest> resend;
  private final Timekeeper timekeeper;
  private EntryState state = EntryState.initial();
  private boolean stopping;

  /**
   * The actor of one key.
   *
   * @param outside is told of each event once it has happened
   * @param passivate asks the shard to let the actor stop
   * @param resend sends a request to the shard once more
   */
  public static Behavior<EntryRequest> create(
      EntryId id,
      EntrySurroundings surroundings,
      Consumer<EntryEvent> outside,
      Consumer<ActorRef<EntryRequest>> passivate,
      Consumer<EntryRequest> resend) {
    return Behaviors.setup(
        context -> new VolatileEntryEntity(id, context, surroundings, outside, passivate, resend));
  }

  private VolatileEntryEntity(
      EntryId id,
      ActorContext<EntryRequest> context,
      EntrySurroundings surroundings,
      Consumer<EntryEvent> outside,
      Consumer<ActorRef<EntryRequest>> passivate,
      Consumer<EntryRequest> resend) {
    super(context);
    this.id = id;
    this.surroundings = surroundings;
    this.outside = outside;
    this.passivate = passivate;
    this.resend = resend;
    this.timekeeper = new Timekeeper(id, context, surroundings);
  }

  @Override
  public Receive<EntryRequest> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onRequest).build();
  }

  private Behavior<EntryRequest> onRequest(EntryRequest request) {
    if (stopping) {
      resend.accept(request);
      return this;
    }
    Situation situation = surroundings.situation(id);
    if (!timekeeper.admits(request, state, situation.nowMillis())) {
      request.replyTo().tell(Settled.INSTANCE);
      return this;
    }
    Decision decision = surroundings.decide(state, request.command(), situation);
    EntryState before = state;
    for (EntryEvent event : decision.events()) {
      state = event.applyTo(state);
      outside.accept(event);
    }
    timekeeper.follow(state);
    surroundings.tell(before, request.command(), decision, situation);
    request.replyTo().tell(decision.reply());
    if (state instanceof EntryState.Absent) {
      stopping = true;
      passivate.accept(getContext().getSelf());
    }
    return this;
  }
}
