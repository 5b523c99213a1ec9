package io.mayfly.testkit.sim;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.UntypedAbstractActor;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.JournalProtocol.RecoverySuccess;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessagesFailure;
import org.apache.pekko.persistence.JournalProtocol.ReplayedMessage;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;

/**
 * The journal of all nodes, over the {@link Store}. A request takes its time on the way there and
 * back; what comes of it is decided when it arrives there.
 */
public final class SimulatedJournal extends UntypedAbstractActor {
  /** How late a write of a node that died may arrive: well after its keys live elsewhere. */
  private static final long STRAY_NANOS = 2 * World.TAKEOVER.toNanos();

  private final World world;

  /** A write that did not succeed. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message, null, false, false);
    }
  }

  /** Called by Pekko Persistence. */
  public SimulatedJournal(Config config, String configPath) {
    this.world = World.of(getContext().getSystem());
  }

  @Override
  public void onReceive(Object message) {
    if (message instanceof WriteMessages write) {
      Node node = world.nodeOf(write.persistentActor());
      world.later(world.journal().delayNanos(node), () -> arrive(write, node));
    } else if (message instanceof ReplayMessages replay) {
      Node node = world.nodeOf(replay.persistentActor());
      world.later(world.journal().delayNanos(node), () -> replay(replay, node));
    } else if (message instanceof DeleteMessagesTo delete) {
      world.store().deleteTo(delete.persistenceId(), delete.toSequenceNr());
      delete.persistentActor().tell(new DeleteMessagesSuccess(delete.toSequenceNr()), getSelf());
    } else {
      unhandled(message);
    }
  }

  /** What a node sent before it died is lost, or arrives, perhaps after others took over. */
  private void arrive(WriteMessages write, Node node) {
    if (node.alive() || world.dice().chance(0.5)) {
      write(write, node);
    } else if (world.dice().chance(0.5)) {
      world.later(world.dice().between(0, STRAY_NANOS), () -> write(write, node));
    }
  }

  private void write(WriteMessages write, Node node) {
    JournalFaults.Fate fate = world.journal().fate(node);
    @Nullable Failure failure;
    if (fate == JournalFaults.Fate.LOST) {
      failure = new Failure("the write did not reach the store");
    } else {
      failure = store(write);
    }
    if (fate == JournalFaults.Fate.UNANSWERED) {
      failure = new Failure("the answer of the store was lost");
    }
    Failure known = failure;
    world.later(world.journal().delayNanos(node), () -> answer(write, known));
  }

  private @Nullable Failure store(WriteMessages write) {
    Iterator<PersistentEnvelope> envelopes = write.messages().iterator();
    while (envelopes.hasNext()) {
      if (envelopes.next() instanceof AtomicWrite atomic) {
        List<PersistentRepr> events = new ArrayList<>();
        Iterator<PersistentRepr> payload = atomic.payload().iterator();
        while (payload.hasNext()) {
          events.add(plain(payload.next()));
        }
        if (!world.store().write(atomic.persistenceId(), events)) {
          return new Failure("another writer was here");
        }
        events.forEach(event -> world.committed(event.payload()));
      }
    }
    return null;
  }

  private static PersistentRepr plain(PersistentRepr event) {
    return event.payload() instanceof Tagged tagged ? event.withPayload(tagged.payload()) : event;
  }

  private void answer(WriteMessages write, @Nullable Failure failure) {
    ActorRef actor = write.persistentActor();
    int count = write.messages().size();
    actor.tell(
        failure == null
            ? JournalProtocol.WriteMessagesSuccessful$.MODULE$
            : new JournalProtocol.WriteMessagesFailed(failure, count),
        getSelf());
    Iterator<PersistentEnvelope> envelopes = write.messages().iterator();
    while (envelopes.hasNext()) {
      if (envelopes.next() instanceof AtomicWrite atomic) {
        Iterator<PersistentRepr> events = atomic.payload().iterator();
        while (events.hasNext()) {
          PersistentRepr event = events.next();
          actor.tell(
              failure == null
                  ? new JournalProtocol.WriteMessageSuccess(event, write.actorInstanceId())
                  : new JournalProtocol.WriteMessageFailure(
                      event, failure, write.actorInstanceId()),
              event.sender());
        }
      }
    }
  }

  private void replay(ReplayMessages replay, Node node) {
    ActorRef actor = replay.persistentActor();
    if (world.journal().cut(node)) {
      actor.tell(new ReplayMessagesFailure(new Failure("the store is out of reach")), getSelf());
      return;
    }
    for (PersistentRepr event :
        world
            .store()
            .replay(replay.persistenceId(), replay.fromSequenceNr(), replay.toSequenceNr())) {
      actor.tell(new ReplayedMessage(event), getSelf());
    }
    actor.tell(new RecoverySuccess(world.store().head(replay.persistenceId())), getSelf());
  }
}
