package io.mayfly.actors.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.PersistentRepr$;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshots;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.SaveSnapshot;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.journal.Tagged;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What the journaled actors of a node have in common: where they store, and how they ask for it.
 */
final class NodeJournal implements Extension {
  private static final Id ID = new Id();

  /** From the first event that is left: one that asks from 1 demands the very first. */
  private static final long FROM_WHAT_IS_LEFT = 0;

  private final ActorRef journal;
  private final ActorRef snapshots;
  private final int waitingMax;
  private final Duration patience;

  private final AtomicInteger instances = new AtomicInteger();

  private static final class Id extends AbstractExtensionId<NodeJournal> {
    @Override
    public NodeJournal createExtension(ExtendedActorSystem system) {
      return new NodeJournal(system);
    }
  }

  private NodeJournal(ExtendedActorSystem system) {
    Persistence persistence = Persistence.get(system);
    Config config = system.settings().config().getConfig("pekko.persistence");
    journal = persistence.journalFor("", ConfigFactory.empty());
    snapshots = persistence.snapshotStoreFor("", ConfigFactory.empty());
    waitingMax = config.getInt("typed.stash-capacity");
    patience = config.getDuration("journal-plugin-fallback.recovery-event-timeout");
  }

  static NodeJournal of(org.apache.pekko.actor.ActorSystem system) {
    return ID.get(system);
  }

  /**
   * Asks for all events of an actor that are left, in order, and for the number of the last one.
   */
  void replay(String persistenceId, ActorRef actor) {
    journal.tell(
        new ReplayMessages(FROM_WHAT_IS_LEFT, Long.MAX_VALUE, Long.MAX_VALUE, persistenceId, actor),
        actor);
  }

  /** Asks for the latest snapshot of an actor. */
  void load(String persistenceId, ActorRef actor) {
    snapshots.tell(
        new LoadSnapshot(persistenceId, SnapshotSelectionCriteria.latest(), Long.MAX_VALUE), actor);
  }

  /** An event as it is stored. Its store knows one writer, or fences all others. */
  PersistentRepr row(String persistenceId, long sequenceNr, Object event, @Nullable String tag) {
    Object payload =
        tag == null ? event : new Tagged(event, CollectionConverters.asScala(List.of(tag)).toSet());
    return PersistentRepr$.MODULE$.apply(
        payload,
        sequenceNr,
        persistenceId,
        /* manifest= */ "",
        /* deleted= */ false,
        ActorRef.noSender(),
        /* writerUuid= */ "");
  }

  /**
   * Writes events as one. Each is answered.
   *
   * @param instance comes back with each answer
   */
  void write(List<PersistentRepr> rows, int instance, ActorRef actor) {
    AtomicWrite atomic = new AtomicWrite(CollectionConverters.asScala(rows).toList());
    List<PersistentEnvelope> envelopes = List.of(atomic);
    journal.tell(
        new WriteMessages(CollectionConverters.asScala(envelopes).toList(), actor, instance),
        actor);
  }

  /** Stores a snapshot. */
  void save(String persistenceId, long sequenceNr, Object state, ActorRef actor) {
    SnapshotMetadata metadata = new SnapshotMetadata(persistenceId, sequenceNr, 0);
    snapshots.tell(new SaveSnapshot(metadata, state), actor);
  }

  /** Deletes the events up to a number. */
  void deleteEvents(String persistenceId, long toNr, ActorRef actor) {
    journal.tell(new DeleteMessagesTo(persistenceId, toNr, actor), actor);
  }

  /** Deletes the snapshots whose later events are no longer all there. */
  void deleteSnapshots(String persistenceId, long deletedNr, ActorRef actor) {
    snapshots.tell(
        new DeleteSnapshots(
            persistenceId, SnapshotSelectionCriteria.create(deletedNr - 1, Long.MAX_VALUE)),
        actor);
  }

  /** The most commands that one actor holds back while it recovers or writes. */
  int waitingMax() {
    return waitingMax;
  }

  /** How long the journal may leave a recovery without an answer. */
  Duration patience() {
    return patience;
  }

  /** Tells the answers to one attempt of one actor from those to another. */
  int nextInstance() {
    return instances.incrementAndGet();
  }
}
