package io.mayfly.actors.entry;

import io.mayfly.actors.log.KeyLog;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply.Settled;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.telemetry.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
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
 * Hosts an entry whose events go to the journal. Replies leave after the journal has the events.
 */
public final class EntryEntity
    extends EventSourcedBehaviorWithEnforcedReplies<EntryRequest, EntryEvent, EntryState> {
  /** The first part of the persistence id. */
  public static final String TYPE = "entry";

  private final EntryId id;
  private final ActorContext<EntryRequest> context;
  private final EntrySurroundings surroundings;
  private final Residents residents;
  private final Consumer<ActorRef<EntryRequest>> passivate;
  private final Timekeeper timekeeper;
  private final Steps steps;
  private @Nullable EntryRequest underway;
  private List<EntryEvent> unconfirmed = List.of();

  /**
   * The actor of one key.
   *
   * @param residents where its state is published
   * @param passivate asks the shard to let the actor stop
   */
  public static Behavior<EntryRequest> create(
      EntryId id,
      EntrySurroundings surroundings,
      Residents residents,
      Consumer<ActorRef<EntryRequest>> passivate) {
    return Behaviors.setup(
        context -> new EntryEntity(id, context, surroundings, residents, passivate));
  }

  /**
   * The name of an entry in the journal. It is read back by its first separator, so the key may
   * have more of them.
   */
  public static PersistenceId persistenceId(EntryId id) {
    return PersistenceId.ofUniqueId(TYPE + PersistenceId.DefaultSeparator() + id.text());
  }

  /** What the events of a namespace are marked with in the journal. */
  public static String tag(String namespace) {
    return TYPE + '/' + namespace;
  }

  private EntryEntity(
      EntryId id,
      ActorContext<EntryRequest> context,
      EntrySurroundings surroundings,
      Residents residents,
      Consumer<ActorRef<EntryRequest>> passivate) {
    super(
        persistenceId(id),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2));
    this.id = id;
    this.context = context;
    this.surroundings = surroundings;
    this.residents = residents;
    this.passivate = passivate;
    this.timekeeper = new Timekeeper(id, context, surroundings);
    this.steps = new Steps(Kind.ENTRY, surroundings);
  }

  @Override
  public EntryState emptyState() {
    return EntryState.initial();
  }

  @Override
  public CommandHandlerWithReply<EntryRequest, EntryEvent, EntryState> commandHandler() {
    return this::onRequest;
  }

  @Override
  public EventHandler<EntryState, EntryEvent> eventHandler() {
    return (state, event) -> event.applyTo(state);
  }

  @Override
  public SignalHandler<EntryState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(PostStop.instance(), state -> onStopped())
        .onSignal(
            SnapshotCompleted.class,
            (state, stored) -> surroundings.telemetry().snapshotStored(Kind.ENTRY))
        .onSignal(JournalPersistFailed.class, (state, failed) -> giveUp(failed.failure()))
        .onSignal(JournalPersistRejected.class, (state, rejected) -> giveUp(rejected.failure()))
        .onSignal(RecoveryFailed.class, (state, failed) -> log().unread(failed.failure()))
        .onSignal(SnapshotFailed.class, (state, failed) -> log().unkept(failed.failure()))
        .onSignal(DeleteEventsFailed.class, (state, failed) -> log().unkept(failed.failure()))
        .onSignal(DeleteSnapshotsFailed.class, (state, failed) -> log().unkept(failed.failure()))
        .build();
  }

  private void onRecovered(EntryState state) {
    steps.recovered();
    timekeeper.follow(state);
    residents.publish(id, state);
  }

  private void onStopped() {
    residents.withdraw(id);
    timekeeper.stop();
    surroundings.telemetry().passivated(Kind.ENTRY);
  }

  /** The write failed, and may stand in the journal all the same. */
  private void giveUp(Throwable failure) {
    residents.withdraw(id);
    log().unconfirmed(unconfirmed, EntryLog::change, failure);
    unconfirmed = List.of();
    steps.over();
    if (underway != null) {
      underway.replyTo().tell(Refusal.of(Refusal.Reason.OUTCOME_UNKNOWN));
      underway = null;
    }
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(surroundings.snapshotEvery(), 1)
        .withDeleteEventsOnSnapshot();
  }

  /** Events that the feed shows carry the tag of their namespace. */
  @Override
  public Set<String> tagsFor(EntryEvent event) {
    return event.line() != null ? Set.of(tag(id.namespace())) : Set.of();
  }

  private ReplyEffect<EntryEvent, EntryState> onRequest(EntryState state, EntryRequest request) {
    Situation situation = surroundings.situation(id);
    if (!request.begins(situation.nowMillis())) {
      return Effect().reply(request.replyTo(), surroundings.overtaken(id));
    }
    if (!timekeeper.admits(request, state, situation.nowMillis())) {
      return Effect().reply(request.replyTo(), Settled.INSTANCE);
    }
    Decision decision = steps.decide(state, request, situation);
    underway = request;
    unconfirmed = decision.events();
    return Effect()
        .persist(decision.events())
        .thenRun(this::afterwards)
        .thenRun(now -> surroundings.tell(state, request.command(), decision, situation))
        .thenReply(request.replyTo(), unused -> decision.reply());
  }

  private void afterwards(EntryState state) {
    underway = null;
    if (KeyLog.tellsChanges()) {
      log().changed(unconfirmed, EntryLog::change);
    }
    unconfirmed = List.of();
    steps.done();
    timekeeper.follow(state);
    residents.publish(id, state);
    if (state instanceof EntryState.Absent) {
      passivate.accept(context.getSelf());
    }
  }

  private KeyLog log() {
    return KeyLog.of(context.getSelf(), surroundings.contracts(), id.namespace(), id.key());
  }
}
