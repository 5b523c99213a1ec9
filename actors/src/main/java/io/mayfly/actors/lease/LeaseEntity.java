package io.mayfly.actors.lease;

import io.mayfly.actors.journal.JournaledActor;
import io.mayfly.actors.log.KeyLog;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseReply;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.jspecify.annotations.Nullable;

/**
 * Hosts a resource whose events go to the journal. Replies leave after the journal has the events;
 * a waiter's reply leaves when its turn comes, without a thread or a timer of its own.
 */
public final class LeaseEntity extends JournaledActor<LeaseRequest, LeaseEvent, LeaseState> {
  /** The first part of the persistence id. */
  public static final String TYPE = "lease";

  private final LeaseId id;
  private final ActorContext<LeaseRequest> context;
  private final LeaseSurroundings surroundings;
  private final Runnable passivate;
  private final Consumer<LeaseRequest> resend;
  private final WaitingRoom room = new WaitingRoom();
  private final Alarm alarm;
  private final LeaseCount count;
  private final Steps steps;
  private final Consumer<LeaseRequest> served;
  private @Nullable LeaseRequest underway;
  private List<LeaseEvent> unconfirmed = List.of();
  private boolean leaving;

  /**
   * The actor of one resource.
   *
   * @param passivate asks the shard to let the actor stop
   * @param resend sends a request to the shard once more
   */
  public static Behavior<LeaseRequest> create(
      LeaseId id,
      LeaseSurroundings surroundings,
      Consumer<ActorRef<LeaseRequest>> passivate,
      Consumer<LeaseRequest> resend) {
    return Behaviors.setup(
        context -> new LeaseEntity(id, context, surroundings, passivate, resend));
  }

  /**
   * The name of a resource in the journal. It is read back by its first separator, so the name may
   * have more of them.
   */
  public static PersistenceId persistenceId(LeaseId id) {
    return PersistenceId.ofUniqueId(TYPE + PersistenceId.DefaultSeparator() + id.text());
  }

  /** What the events of a namespace's resources are marked with in the journal. */
  public static String tag(String namespace) {
    return TYPE + '/' + namespace;
  }

  private LeaseEntity(
      LeaseId id,
      ActorContext<LeaseRequest> context,
      LeaseSurroundings surroundings,
      Consumer<ActorRef<LeaseRequest>> passivate,
      Consumer<LeaseRequest> resend) {
    super(context);
    this.id = id;
    this.context = context;
    this.surroundings = surroundings;
    this.resend = resend;
    this.passivate = () -> passivate.accept(context.getSelf());
    this.alarm = new Alarm(id, context, surroundings);
    this.count = new LeaseCount(id.namespace(), surroundings.telemetry());
    this.steps = new Steps(surroundings);
    this.served = steps::served;
    recover();
  }

  @Override
  protected String persistenceId() {
    return persistenceId(id).id();
  }

  @Override
  protected LeaseState emptyState() {
    return LeaseState.initial();
  }

  @Override
  protected LeaseState apply(LeaseState before, LeaseEvent event) {
    return event.applyTo(before);
  }

  /** Events that a feed shows carry the tag of their namespace. */
  @Override
  protected @Nullable String tag(LeaseEvent event) {
    return event instanceof LeaseEvent.Purged ? null : tag(id.namespace());
  }

  @Override
  protected int snapshotEvery() {
    return surroundings.snapshotEvery();
  }

  /** A purge erases all that is stored, and nothing may be stored after it. */
  @Override
  protected boolean hasSnapshot(LeaseState current) {
    return !(current instanceof LeaseState.Absent);
  }

  @Override
  protected void onRecovered(LeaseState current) {
    steps.recovered();
    count.holds(current);
    var unused = alarm.follow(current, room.queue());
  }

  @Override
  protected void onCommand(LeaseState current, LeaseRequest request) {
    if (leaving && request.command() instanceof LeaseCommand.Acquire acquire && acquire.waits()) {
      resend.accept(request);
      return;
    }
    Situation situation = surroundings.situation(request, room.queue());
    if (!request.begins(situation.nowMillis())) {
      request.replyTo().tell(LeaseRefusal.of(LeaseRefusal.Reason.NOT_BEGUN));
    } else if (surroundings.refuses(current, request.command())) {
      request.replyTo().tell(LeaseRefusal.of(LeaseRefusal.Reason.MEMORY_LOW));
    } else if (!alarm.admits(request, current, situation)) {
      request.replyTo().tell(LeaseReply.Settled.INSTANCE);
    } else {
      Decision decision = steps.decide(current, request, situation);
      room.seat(request, decision);
      underway = decision.reply().isPresent() ? request : null;
      unconfirmed = decision.events();
      persist(decision.events(), after -> afterwards(request, decision, after));
    }
  }

  private void afterwards(LeaseRequest request, Decision decision, LeaseState state) {
    underway = null;
    if (KeyLog.tellsChanges()) {
      log().changed(unconfirmed, LeaseLog::change);
    }
    unconfirmed = List.of();
    steps.done();
    count.holds(state);
    decision.reply().ifPresent(reply -> request.replyTo().tell(reply));
    room.answer(decision, served);
    boolean idle = alarm.follow(state, room.queue());
    if (room.isEmpty() && (idle || state instanceof LeaseState.Absent)) {
      leaving = true;
      passivate.run();
    }
  }

  @Override
  protected void onSnapshotStored() {
    count.snapshotStored();
  }

  @Override
  protected void onUnconfirmed(Throwable failure) {
    log().unconfirmed(unconfirmed, LeaseLog::change, failure);
    LeaseRequest unanswered = underway;
    letGo();
    if (unanswered != null) {
      unanswered.replyTo().tell(LeaseRefusal.of(LeaseRefusal.Reason.OUTCOME_UNKNOWN));
    }
  }

  @Override
  protected void handBack(LeaseRequest request) {
    resend.accept(request);
  }

  @Override
  protected void onStopped() {
    count.stopped();
  }

  @Override
  protected void letGo() {
    alarm.stop();
    steps.over();
    room.close();
    underway = null;
    unconfirmed = List.of();
  }

  @Override
  protected KeyLog log() {
    return KeyLog.of(context.getSelf(), surroundings.contracts(), id.namespace(), id.name());
  }
}
