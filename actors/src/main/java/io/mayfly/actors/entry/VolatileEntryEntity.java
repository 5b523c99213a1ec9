package io.mayfly.actors.entry;

import io.mayfly.actors.log.KeyLog;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.telemetry.Kind;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Hosts an entry that lives in memory alone, under the same rules as {@link EntryEntity}.
 *
 * <p>Invariant: the list of volatile entries shows this one exactly while it stands here. Nobody
 * compares the two, since both change in one step of this actor and end with it.
 *
 * <p>Once it has asked to stop it decides nothing more: what it accepted then would go with it. A
 * request that arrives meanwhile is sent on its way again, and reaches the actor that comes next.
 */
public final class VolatileEntryEntity extends AbstractBehavior<EntryRequest> {
  /** Who is told of what happens in memory. */
  public interface Outside {
    /** An event happened. */
    void happened(EntryEvent event);

    /** The entry stood and is gone with its actor: no event says so, and its row must go. */
    void lost();
  }

  private final EntryId id;
  private final EntrySurroundings surroundings;
  private final Residents residents;
  private final Outside outside;
  private final Consumer<ActorRef<EntryRequest>> passivate;
  private final Consumer<EntryRequest> resend;
  private final Timekeeper timekeeper;
  private final Steps steps;
  private EntryState state = EntryState.initial();
  private boolean stopping;

  /**
   * The actor of one key.
   *
   * @param residents where its state is published
   * @param outside is told of what happens here, once it has
   * @param passivate asks the shard to let the actor stop
   * @param resend sends a request to the shard once more
   */
  public static Behavior<EntryRequest> create(
      EntryId id,
      EntrySurroundings surroundings,
      Residents residents,
      Outside outside,
      Consumer<ActorRef<EntryRequest>> passivate,
      Consumer<EntryRequest> resend) {
    return Behaviors.setup(
        context ->
            new VolatileEntryEntity(
                id, context, surroundings, residents, outside, passivate, resend));
  }

  private VolatileEntryEntity(
      EntryId id,
      ActorContext<EntryRequest> context,
      EntrySurroundings surroundings,
      Residents residents,
      Outside outside,
      Consumer<ActorRef<EntryRequest>> passivate,
      Consumer<EntryRequest> resend) {
    super(context);
    this.id = id;
    this.surroundings = surroundings;
    this.residents = residents;
    this.outside = outside;
    this.passivate = passivate;
    this.resend = resend;
    this.timekeeper = new Timekeeper(id, context, surroundings);
    this.steps = new Steps(Kind.VOLATILE_ENTRY, surroundings);
  }

  @Override
  public Receive<EntryRequest> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::onRequest)
        .onSignal(PostStop.class, stopped -> onStopped())
        .build();
  }

  private Behavior<EntryRequest> onRequest(EntryRequest request) {
    if (stopping) {
      resend.accept(request);
      return this;
    }
    Situation situation = surroundings.situation(id, request.sinceMillis());
    if (!request.begins(situation.nowMillis())) {
      request.replyTo().tell(surroundings.overtaken(id));
      return this;
    }
    if (!timekeeper.admits(request, state, situation.nowMillis())) {
      return this;
    }
    Decision decision = steps.decide(state, request, situation);
    EntryState before = state;
    for (EntryEvent event : decision.events()) {
      state = event.applyTo(state);
      outside.happened(event);
    }
    if (KeyLog.tellsChanges()) {
      log().changed(decision.events(), EntryLog::change);
    }
    steps.done();
    timekeeper.follow(state);
    residents.publish(id, getContext().getSelf(), state);
    surroundings.tell(before, request.command(), decision, situation);
    request.answer(decision.reply(), getContext().getSelf());
    if (state instanceof EntryState.Absent) {
      stopping = true;
      residents.withdraw(id);
      passivate.accept(getContext().getSelf());
    }
    return this;
  }

  /** An entry that stands goes with its actor, however that stops, and takes its row along. */
  private Behavior<EntryRequest> onStopped() {
    residents.withdraw(id);
    timekeeper.stop();
    surroundings.telemetry().passivated(Kind.VOLATILE_ENTRY);
    if (state.current() != null) {
      outside.lost();
      surroundings.lost(id);
    }
    return this;
  }

  private KeyLog log() {
    return KeyLog.of(getContext().getSelf(), surroundings.contracts(), id.namespace(), id.key());
  }
}
