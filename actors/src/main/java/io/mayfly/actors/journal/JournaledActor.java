package io.mayfly.actors.journal;

import io.mayfly.actors.log.KeyLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ExtensibleBehavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.internal.PoisonPill;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.JournalProtocol.RecoverySuccess;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessagesFailure;
import org.apache.pekko.persistence.JournalProtocol.ReplayedMessage;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageRejected;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotFailed;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotResult;
import org.jspecify.annotations.Nullable;

/**
 * An actor whose state is what its events make of it. It recovers, then handles one command at a
 * time; a command that wrote is over when the journal has its events.
 *
 * <p>It speaks the protocol of Pekko's journals and snapshot stores itself: what Pekko's own
 * behavior wraps around each actor costs more than the rest of a creation, and most of a resident
 * key's memory.
 *
 * <p>Invariant: while a write or a snapshot is under way no command is handled, and the actor does
 * not stop by a wish of its shard. What came before that wish is still handled, what comes after it
 * is not begun: so the actor stops however much is asked of it, and gets something done however
 * soon it is to stop.
 *
 * @param <M> what it understands
 * @param <E> its events
 * @param <S> its state
 */
public abstract class JournaledActor<M, E, S> extends ExtensibleBehavior<M> {
  private static final Duration REST_MIN = Duration.ofMillis(200);
  private static final Duration REST_MAX = Duration.ofSeconds(5);
  private static final double REST_SPREAD = 0.2;

  /** As Pekko's own behavior calls it; who drops letters knows these words. */
  private static final String FULL = "Stash buffer is full";

  private enum Rest {
    OVER
  }

  private enum Phase {
    RECOVERING,
    IDLE,
    WRITING,
    RESTING
  }

  /** A write under way. */
  private static final class Write<S> {
    final S after;
    final boolean wantsSnapshot;
    final Consumer<S> then;
    int awaited;

    Write(S after, boolean wantsSnapshot, Consumer<S> then, int awaited) {
      this.after = after;
      this.wantsSnapshot = wantsSnapshot;
      this.then = then;
      this.awaited = awaited;
    }
  }

  private final ActorContext<M> context;
  private final NodeJournal node;
  private Phase phase = Phase.RECOVERING;
  private @Nullable S state;
  private @Nullable Write<S> write;
  private @Nullable Recovery recovery;
  private @Nullable Queue<M> waiting;
  private long sequenceNr;
  private int instance;
  private byte failures;
  private boolean stopping;

  /** How many of those that wait came before the wish to stop. */
  private int owed;

  /** An actor that begins to recover. */
  protected JournaledActor(ActorContext<M> context) {
    this.context = context;
    this.node = NodeJournal.of(Adapter.toClassic(context.getSystem()));
  }

  /** Its name in the journal. */
  protected abstract String persistenceId();

  /** The state of an actor without events. */
  protected abstract S emptyState();

  /** What an event makes of a state. Pure: the same on replay. */
  protected abstract S apply(S before, E event);

  /** What an event is marked with in the journal; absent when with nothing. */
  protected abstract @Nullable String tag(E event);

  /** How many events lie between two snapshots. */
  protected abstract int snapshotEvery();

  /** Whether a snapshot of the state may be stored. */
  protected abstract boolean hasSnapshot(S current);

  /** Handles a command: answers it, or hands events to {@link #persist}. */
  protected abstract void onCommand(S current, M command);

  /** The state is what was stored. */
  protected abstract void onRecovered(S current);

  /** A snapshot is stored. */
  protected abstract void onSnapshotStored();

  /** A write failed, and may stand in the journal all the same. The actor recovers anew. */
  protected abstract void onUnconfirmed(Throwable failure);

  /** Lets go of what belongs to a state that is no longer sure, or no longer in memory. */
  protected abstract void letGo();

  /** Where its troubles are told. */
  protected abstract KeyLog log();

  /** A command that came after its shard wished the actor to stop, and was not begun. */
  protected abstract void handBack(M command);

  /** It is over. */
  protected abstract void onStopped();

  /** Asks the journal what it has of this actor. */
  protected final void recover() {
    phase = Phase.RECOVERING;
    recovery = new Recovery();
    instance = node.nextInstance();
    node.replay(persistenceId(), self());
  }

  /**
   * Writes events as one.
   *
   * @param then what follows once the journal has them, with the state after them
   */
  protected final void persist(List<E> events, Consumer<S> then) {
    S after = current();
    if (events.isEmpty()) {
      then.accept(after);
      return;
    }
    String persistenceId = persistenceId();
    long snapshotsBefore = sequenceNr / snapshotEvery();
    List<PersistentRepr> rows = new ArrayList<>(events.size());
    for (E event : events) {
      after = apply(after, event);
      sequenceNr++;
      rows.add(node.row(persistenceId, sequenceNr, event, tag(event)));
    }
    boolean snapshot = sequenceNr / snapshotEvery() > snapshotsBefore && hasSnapshot(after);
    write = new Write<>(after, snapshot, then, rows.size());
    phase = Phase.WRITING;
    node.write(rows, instance, self());
  }

  @Override
  public final Behavior<M> receive(TypedActorContext<M> context, M message) {
    Object received = message;
    try {
      if (received instanceof JournalProtocol.Response response) {
        onJournal(response);
      } else if (received instanceof SnapshotProtocol.Response response) {
        onSnapshots(response);
      } else if (received == Rest.OVER) {
        recover();
      } else if (phase == Phase.IDLE && !stopping) {
        onCommand(current(), message);
      } else {
        hold(message);
      }
      handleWaiting();
    } catch (RuntimeException e) {
      log().broken(e);
      letGo();
      rest();
    }
    return abandoned() || (stopping && !busy()) ? Behaviors.stopped() : this;
  }

  @Override
  public final Behavior<M> receiveSignal(TypedActorContext<M> context, Signal signal) {
    if (signal instanceof PostStop) {
      letGo();
      onStopped();
      leaveWaiting();
    } else if (signal instanceof PoisonPill) {
      stopping = true;
      owed = waiting == null ? 0 : waiting.size();
      return busy() ? this : Behaviors.stopped();
    }
    return this;
  }

  /** Whether something is to be finished before the actor may stop. */
  private boolean busy() {
    return phase == Phase.WRITING || (phase == Phase.RECOVERING && owed > 0);
  }

  /** Whether the journal forgot about a recovery; the next command then begins a new actor. */
  private boolean abandoned() {
    return recovery != null && System.nanoTime() - recovery.beganNanos > node.patience().toNanos();
  }

  private void onJournal(JournalProtocol.Response response) {
    if (response instanceof WriteMessageSuccess written) {
      if (written.actorInstanceId() == instance) {
        onWritten();
      }
    } else if (response instanceof ReplayedMessage replayed) {
      if (recovery != null) {
        recovery.events.add(replayed.persistent());
      }
    } else if (response instanceof RecoverySuccess told) {
      onReplayed(told.highestSequenceNr());
    } else if (response instanceof ReplayMessagesFailure failed) {
      onUnreadable(failed.cause());
    } else if (response instanceof WriteMessageFailure failed) {
      onUnwritten(failed.actorInstanceId(), failed.cause());
    } else if (response instanceof WriteMessageRejected rejected) {
      onUnwritten(rejected.actorInstanceId(), rejected.cause());
    } else if (response instanceof DeleteMessagesSuccess deleted) {
      node.deleteSnapshots(persistenceId(), deleted.toSequenceNr(), self());
    } else if (response instanceof DeleteMessagesFailure failed) {
      log().unkept(failed.cause());
    }
  }

  private void onSnapshots(SnapshotProtocol.Response response) {
    if (response instanceof LoadSnapshotResult loaded) {
      onLoaded(loaded.snapshot().getOrElse(() -> null));
    } else if (response instanceof LoadSnapshotFailed failed) {
      onUnreadable(failed.cause());
    } else if (response instanceof SaveSnapshotSuccess saved) {
      onSnapshotStored();
      deleteBefore(saved.metadata().sequenceNr());
      phase = phase == Phase.WRITING ? Phase.IDLE : phase;
    } else if (response instanceof SaveSnapshotFailure failed) {
      log().unkept(failed.cause());
      phase = phase == Phase.WRITING ? Phase.IDLE : phase;
    } else if (response instanceof DeleteSnapshotsFailure failed) {
      log().unkept(failed.cause());
    }
  }

  private void onReplayed(long head) {
    if (recovery == null) {
      return;
    }
    recovery.head = head;
    if (recovery.wantsSnapshot()) {
      node.load(persistenceId(), self());
    } else {
      begin(recovery, emptyState(), 0);
    }
  }

  @SuppressWarnings("unchecked")
  private void onLoaded(@Nullable SelectedSnapshot found) {
    if (recovery != null) {
      if (found == null) {
        begin(recovery, emptyState(), 0);
      } else {
        begin(recovery, (S) found.snapshot(), found.metadata().sequenceNr());
      }
    }
  }

  @SuppressWarnings("unchecked")
  private void begin(Recovery told, S first, long snapshotNr) {
    S recovered = first;
    for (PersistentRepr event : told.events) {
      if (event.sequenceNr() > snapshotNr) {
        recovered = apply(recovered, (E) event.payload());
      }
    }
    sequenceNr = Math.max(told.head, snapshotNr);
    recovery = null;
    failures = 0;
    state = recovered;
    phase = Phase.IDLE;
    onRecovered(recovered);
  }

  private void onWritten() {
    Write<S> written = write;
    if (written == null || --written.awaited > 0) {
      return;
    }
    write = null;
    state = written.after;
    if (written.wantsSnapshot) {
      node.save(persistenceId(), sequenceNr, written.after, self());
    } else {
      phase = Phase.IDLE;
    }
    written.then.accept(written.after);
  }

  private void onUnreadable(Throwable cause) {
    if (recovery != null) {
      log().unread(cause);
      rest();
    }
  }

  private void onUnwritten(int attempt, Throwable cause) {
    if (attempt == instance && write != null) {
      onUnconfirmed(cause);
      rest();
    }
  }

  /** Lets time pass before it recovers anew: longer with each failure in a row. */
  private void rest() {
    phase = Phase.RESTING;
    state = null;
    write = null;
    recovery = null;
    Duration doubled = REST_MIN.multipliedBy(1L << failures);
    Duration rest = doubled.compareTo(REST_MAX) < 0 ? doubled : REST_MAX;
    failures = (byte) Math.min(failures + 1, 10);
    double spread = 1 + ThreadLocalRandom.current().nextDouble() * REST_SPREAD;
    var unused =
        context.scheduleOnce(
            Duration.ofNanos((long) (rest.toNanos() * spread)),
            context.getSelf().<Object>unsafeUpcast(),
            Rest.OVER);
  }

  private void deleteBefore(long snapshotNr) {
    long to = snapshotNr - snapshotEvery();
    if (to > 0) {
      node.deleteEvents(persistenceId(), to, self());
    }
  }

  private void hold(M message) {
    if (waiting == null) {
      waiting = new ArrayDeque<>(2);
    }
    if (waiting.size() < node.waitingMax()) {
      waiting.add(message);
    } else {
      Adapter.toClassic(context.getSystem())
          .eventStream()
          .publish(new Dropped(message, FULL, ActorRef.noSender(), self()));
    }
  }

  private void handleWaiting() {
    while (phase == Phase.IDLE && waiting != null && (!stopping || owed > 0)) {
      owed = Math.max(0, owed - 1);
      M next = waiting.poll();
      if (next == null) {
        waiting = null;
      } else {
        onCommand(current(), next);
      }
    }
  }

  /** None of them was begun. */
  private void leaveWaiting() {
    if (waiting != null && stopping) {
      waiting.forEach(this::handBack);
    } else if (waiting != null) {
      ActorRef deadLetters = Adapter.toClassic(context.getSystem()).deadLetters();
      waiting.forEach(message -> deadLetters.tell(message, self()));
    }
  }

  private S current() {
    return Objects.requireNonNull(state);
  }

  private ActorRef self() {
    return Adapter.toClassic(context.getSelf());
  }
}
