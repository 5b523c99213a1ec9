package io.mayfly.actors.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.persistence.Persistence;

/** What the journaled actors of a node have in common. */
final class NodeJournal implements Extension {
  private static final Id ID = new Id();

  private final ActorRef journal;
  private final ActorRef snapshots;
  private final int waitingMax;
  private final Duration patience;
  private final String writer = UUID.randomUUID().toString();
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

  ActorRef journal() {
    return journal;
  }

  ActorRef snapshots() {
    return snapshots;
  }

  /** The most commands that one actor holds back while it recovers or writes. */
  int waitingMax() {
    return waitingMax;
  }

  /** How long the journal may leave a recovery without an answer. */
  Duration patience() {
    return patience;
  }

  /** The name under which this node writes. */
  String writer() {
    return writer;
  }

  /** Tells the answers to one attempt of one actor from those to another. */
  int nextInstance() {
    return instances.incrementAndGet();
  }
}
