package io.mayfly.actors.lease;

import io.mayfly.actors.log.KeyLog;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseReply;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.DeleteEventsFailed;
import org.apache.pekko.persistence.typed.DeleteSnapshotsFailed;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.JournalPersistRejected;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.SnapshotFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;

/**
 * Hosts a resource whose events go to the journal. Replies leave after the journal has the events;
 * a waiter's reply leaves when its turn comes, without a thread or a timer of its own.
 */
public final class LeaseEntity
    extends EventSourcedBehaviorWithEnforcedReplies<LeaseRequest, LeaseEvent, LeaseState> {
  /** The first part of the persistence id. */
  public static final String TYPE = "lease";

  private final LeaseId id;
  private final ActorContext<LeaseRequest> context;
  private final LeaseSurroundings surroundings;
  private final Consumer<LeaseRequest> resend;
  private final WaitingRoom room = new WaitingRoom();
  private final Alarm alarm;
  private final LeaseCount count;
  private final Steps steps;
  private final Consumer<LeaseRequest> served;
  private @Nullable LeaseRequest underway;
  private List<LeaseEvent> unconfirmed = List.of();
  private boolean stopping;
  private final Runnable passivate;

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
    super(
        persistenceId(id),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2));
    this.id = id;
    this.context = context;
    this.surroundings = surroundings;
    this.resend = resend;
    this.passivate = () -> passivate.accept(context.getSelf());
    this.alarm = new Alarm(id, context, surroundings);
    this.count = new LeaseCount(id.namespace(), surroundings.telemetry());
    this.steps = new Steps(surroundings);
    this.served = steps::served;
  }

  @Override
  public LeaseState emptyState() {
    return LeaseState.initial();
  }

  @Override
  public CommandHandlerWithReply<LeaseRequest, LeaseEvent, LeaseState> commandHandler() {
    return this::onRequest;
  }

  @Override
  public EventHandler<LeaseState, LeaseEvent> eventHandler() {
    return (state, event) -> event.applyTo(state);
  }

  @Override
  public SignalHandler<LeaseState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.instance(),
            state -> {
              steps.recovered();
              count.holds(state);
              alarm.follow(state, Queue.EMPTY);
            })
        .onSignal(SnapshotCompleted.class, (state, stored) -> count.snapshotStored())
        .onSignal(JournalPersistFailed.class, (state, failed) -> giveUp(failed.failure()))
        .onSignal(JournalPersistRejected.class, (state, rejected) -> giveUp(rejected.failure()))
        .onSignal(RecoveryFailed.class, (state, failed) -> log().unread(failed.failure()))
        .onSignal(SnapshotFailed.class, (state, failed) -> log().unkept(failed.failure()))
        .onSignal(DeleteEventsFailed.class, (state, failed) -> log().unkept(failed.failure()))
        .onSignal(DeleteSnapshotsFailed.class, (state, failed) -> log().unkept(failed.failure()))
        .onSignal(PreRestart.instance(), state -> room.close())
        .onSignal(
            PostStop.instance(),
            state -> {
              alarm.stop();
              count.stopped();
              room.close();
            })
        .build();
  }

  /** The write failed, and may stand in the journal all the same. */
  private void giveUp(Throwable failure) {
    steps.over();
    log().unconfirmed(unconfirmed, LeaseLog::change, failure);
    unconfirmed = List.of();
    if (underway != null) {
      underway.replyTo().tell(LeaseRefusal.of(LeaseRefusal.Reason.OUTCOME_UNKNOWN));
      underway = null;
    }
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(surroundings.snapshotEvery(), 1)
        .withDeleteEventsOnSnapshot();
  }

  /** Events that a feed shows carry the tag of their namespace. */
  @Override
  public Set<String> tagsFor(LeaseEvent event) {
    return event instanceof LeaseEvent.Purged ? Set.of() : Set.of(tag(id.namespace()));
  }

  private ReplyEffect<LeaseEvent, LeaseState> onRequest(LeaseState state, LeaseRequest request) {
    if (stopping && request.command() instanceof LeaseCommand.Acquire acquire && acquire.waits()) {
      resend.accept(request);
      return Effect().noReply();
    }
    Situation situation = surroundings.situation(id, room.queue());
    if (!request.begins(situation.nowMillis())) {
      return Effect().reply(request.replyTo(), LeaseRefusal.of(LeaseRefusal.Reason.NOT_BEGUN));
    }
    if (surroundings.refuses(state, request.command())) {
      return Effect().reply(request.replyTo(), LeaseRefusal.of(LeaseRefusal.Reason.MEMORY_LOW));
    }
    if (!alarm.admits(request, state, situation)) {
      return Effect().reply(request.replyTo(), LeaseReply.Settled.INSTANCE);
    }
    Decision decision = steps.decide(state, request, situation);
    room.seat(request, decision);
    underway = decision.reply().isPresent() ? request : null;
    unconfirmed = decision.events();
    return Effect()
        .persist(decision.events())
        .thenRun((LeaseState after) -> afterwards(request, decision, after))
        .thenNoReply();
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
      stopping = true;
      passivate.run();
    }
  }

  private KeyLog log() {
    return KeyLog.of(context.getSelf(), surroundings.contracts(), id.namespace(), id.name());
  }
}
