package io.mayfly.persistence.rocksdb;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.JournalProtocol.RecoverySuccess;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayedMessage;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesFailed;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesSuccessful$;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentImpl;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotResult;
import org.apache.pekko.persistence.SnapshotProtocol.SaveSnapshot;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Speaks to the plug-ins as a persistent actor does, and waits for their answers. */
public final class JournalProbe {
  private final TestKit kit;
  private final ActorRef journal;
  private final ActorRef snapshots;

  /** What a replay brought. */
  public record Replayed(List<String> texts, long highestSequenceNr) {}

  /** A probe of the plug-ins that a system uses by default. */
  public JournalProbe(ActorSystem system) {
    kit = new TestKit(system);
    journal = Persistence.get(system).journalFor(null, ConfigFactory.empty());
    snapshots = Persistence.get(system).snapshotStoreFor(null, ConfigFactory.empty());
  }

  /** What receives the answers. */
  public TestKit kit() {
    return kit;
  }

  /** Writes events with consecutive sequence numbers, each in a write of its own. */
  public void write(String id, long sequenceNr, Object... events) {
    send(id, sequenceNr, events);
    expectSuccess(events.length);
  }

  /** Writes events in one atomic write. */
  public void writeAtomically(String id, long sequenceNr, Object... events) {
    List<PersistentRepr> all = new ArrayList<>();
    for (Object event : events) {
      all.add(event(id, sequenceNr + all.size(), event));
    }
    sendEnvelopes(List.of(new AtomicWrite(CollectionConverters.asScala(all).toList())));
    expectSuccess(events.length);
  }

  /** Sends events and waits for nothing. */
  public void send(String id, long sequenceNr, Object... events) {
    List<PersistentEnvelope> envelopes = new ArrayList<>();
    for (Object event : events) {
      envelopes.add(AtomicWrite.apply(event(id, sequenceNr + envelopes.size(), event)));
    }
    sendEnvelopes(envelopes);
  }

  /** Waits until so many events are stored. */
  public void expectSuccess(int events) {
    kit.expectMsg(WriteMessagesSuccessful$.MODULE$);
    for (int i = 0; i < events; i++) {
      kit.expectMsgClass(WriteMessageSuccess.class);
    }
  }

  /** Waits until a write fails; returns why. */
  public Throwable expectFailure() {
    return kit.expectMsgClass(WriteMessagesFailed.class).cause();
  }

  /** Replays all that is stored of an id. */
  public Replayed replay(String id) {
    return replay(id, 1);
  }

  /** Replays a key from a sequence number on, and waits for the end. */
  public Replayed replay(String id, long from) {
    sendReplay(id, from);
    List<String> texts = new ArrayList<>();
    while (true) {
      Object message = kit.expectMsgAnyClassOf(ReplayedMessage.class, RecoverySuccess.class);
      if (message instanceof RecoverySuccess success) {
        return new Replayed(texts, success.highestSequenceNr());
      }
      texts.add(text(((ReplayedMessage) message).persistent().payload()));
    }
  }

  /** Asks for a replay from a sequence number on, and waits for nothing. */
  public void sendReplay(String id, long from) {
    journal.tell(
        new ReplayMessages(from, Long.MAX_VALUE, Long.MAX_VALUE, id, kit.getRef()), kit.getRef());
  }

  /** Deletes events up to a sequence number. */
  public void delete(String id, long toSequenceNr) {
    journal.tell(new DeleteMessagesTo(id, toSequenceNr, kit.getRef()), kit.getRef());
    kit.expectMsgClass(DeleteMessagesSuccess.class);
  }

  /** Saves a snapshot. */
  public void saveSnapshot(String id, long sequenceNr, Object snapshot) {
    snapshots.tell(
        new SaveSnapshot(new SnapshotMetadata(id, sequenceNr, 0), snapshot), kit.getRef());
    kit.expectMsgClass(SaveSnapshotSuccess.class);
  }

  /** The latest snapshot; absent when there is none. */
  public @Nullable SelectedSnapshot loadSnapshot(String id) {
    snapshots.tell(
        new LoadSnapshot(id, SnapshotSelectionCriteria.latest(), Long.MAX_VALUE), kit.getRef());
    Option<SelectedSnapshot> found = kit.expectMsgClass(LoadSnapshotResult.class).snapshot();
    return found.isDefined() ? found.get() : null;
  }

  /** An event with tags. */
  public static Tagged tagged(Object event, String... tags) {
    return new Tagged(event, Set.of(tags));
  }

  static String text(Object payload) {
    return payload instanceof Noted noted ? noted.text() : String.valueOf(payload);
  }

  private void sendEnvelopes(List<PersistentEnvelope> envelopes) {
    journal.tell(
        new WriteMessages(CollectionConverters.asScala(envelopes).toVector(), kit.getRef(), 1),
        kit.getRef());
  }

  private static PersistentRepr event(String id, long sequenceNr, Object payload) {
    return new PersistentImpl(
        payload, sequenceNr, id, "", false, ActorRef.noSender(), "writer", 0, Option.empty());
  }
}
