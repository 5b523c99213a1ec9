package io.mayfly.actors.entry;

import io.mayfly.actors.journal.JournaledActor;
import io.mayfly.actors.log.KeyLog;
import io.mayfly.protocol.entry.EntryCommand.Settle;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.telemetry.Kind;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.jspecify.annotations.Nullable;

/**
 * Hosts an entry whose events go to the journal. Replies leave after the journal has the events.
 */
public final class EntryEntity extends JournaledActor<EntryRequest, EntryEvent, EntryState> {
  /** The first part of the persistence id. */
  public static final String TYPE = "entry";

  private final EntryId id;
  private final ActorContext<EntryRequest> context;
  private final EntrySurroundings surroundings;
  private final Residents residents;
  private final Consumer<ActorRef<EntryRequest>> passivate;
  private final Consumer<EntryRequest> resend;
  private final Timekeeper timekeeper;
  private final Steps steps;
  private @Nullable EntryRequest underway;
  private boolean wanted;
  private List<EntryEvent> unconfirmed = List.of();

  /**
   * The actor of one key.
   *
   * @param residents where its state is published
   * @param passivate asks the shard to let the actor stop
   * @param resend sends a request to the shard once more
   */
  public static Behavior<EntryRequest> create(
      EntryId id,
      EntrySurroundings surroundings,
      Residents residents,
      Consumer<ActorRef<EntryRequest>> passivate,
      Consumer<EntryRequest> resend) {
    return Behaviors.setup(
        context -> new EntryEntity(id, context, surroundings, residents, passivate, resend));
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
      Consumer<ActorRef<EntryRequest>> passivate,
      Consumer<EntryRequest> resend) {
    super(context);
    this.id = id;
    this.context = context;
    this.surroundings = surroundings;
    this.residents = residents;
    this.passivate = passivate;
    this.resend = resend;
    this.timekeeper = new Timekeeper(id, context, surroundings);
    this.steps = new Steps(Kind.ENTRY, surroundings);
    recover();
  }

  @Override
  protected String persistenceId() {
    return persistenceId(id).id();
  }

  @Override
  protected EntryState emptyState() {
    return EntryState.initial();
  }

  @Override
  protected EntryState apply(EntryState before, EntryEvent event) {
    return event.applyTo(before);
  }

  /** Events that the feed shows carry the tag of their namespace. */
  @Override
  protected @Nullable String tag(EntryEvent event) {
    return event.line() != null ? tag(id.namespace()) : null;
  }

  @Override
  protected int snapshotEvery() {
    return surroundings.snapshotEvery();
  }

  /** A purge erases all that is stored, and nothing may be stored after it. */
  @Override
  protected boolean hasSnapshot(EntryState current) {
    return !(current instanceof EntryState.Absent);
  }

  @Override
  protected void onRecovered(EntryState current) {
    steps.recovered();
    timekeeper.follow(current);
    residents.publish(id, context.getSelf(), current);
  }

  @Override
  protected void onCommand(EntryState current, EntryRequest request) {
    Situation situation = surroundings.situation(id, request.sinceMillis());
    if (!request.begins(situation.nowMillis())) {
      request.replyTo().tell(surroundings.overtaken(id));
    } else if (timekeeper.admits(request, current, situation.nowMillis())) {
      wanted |= !(request.command() instanceof Settle);
      Decision decision = steps.decide(current, request, situation);
      underway = request;
      unconfirmed = decision.events();
      persist(
          decision.events(),
          after -> {
            afterwards(after);
            surroundings.tell(current, request.command(), decision, situation);
            request.answer(decision.reply(), context.getSelf());
          });
    }
  }

  /**
   * An actor of an entry that is gone need not stay, nor one that was only woken to end its own.
   */
  private void afterwards(EntryState state) {
    underway = null;
    if (KeyLog.tellsChanges()) {
      log().changed(unconfirmed, EntryLog::change);
    }
    unconfirmed = List.of();
    steps.done();
    timekeeper.follow(state);
    if (state instanceof EntryState.Absent || (state instanceof EntryState.Ended && !wanted)) {
      residents.withdraw(id);
      passivate.accept(context.getSelf());
    } else {
      residents.publish(id, context.getSelf(), state);
    }
  }

  @Override
  protected void onSnapshotStored() {
    surroundings.telemetry().snapshotStored(Kind.ENTRY);
  }

  @Override
  protected void onUnconfirmed(Throwable failure) {
    log().unconfirmed(unconfirmed, EntryLog::change, failure);
    EntryRequest unanswered = underway;
    letGo();
    if (unanswered != null) {
      unanswered.replyTo().tell(Refusal.of(Refusal.Reason.OUTCOME_UNKNOWN));
    }
  }

  @Override
  protected void handBack(EntryRequest request) {
    resend.accept(request);
  }

  @Override
  protected void onStopped() {
    surroundings.telemetry().passivated(Kind.ENTRY);
  }

  @Override
  protected void letGo() {
    residents.withdraw(id);
    timekeeper.stop();
    steps.over();
    underway = null;
    unconfirmed = List.of();
  }

  @Override
  protected KeyLog log() {
    return KeyLog.of(context.getSelf(), surroundings.contracts(), id.namespace(), id.key());
  }
}
