package io.mayfly.persistence.postgresql;

import com.typesafe.config.Config;
import io.mayfly.persistence.plugin.Adapters;
import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.persistence.plugin.PendingWrite;
import java.sql.PreparedStatement;
import java.util.concurrent.RejectedExecutionException;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.UntypedAbstractActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * The journal in the shared store. It speaks the plug-in protocol itself and only passes requests
 * on: what arrives while others are written is committed together next.
 *
 * <p>The replay filter of Pekko's own journals is not applied: of two writers the store refuses the
 * one who does not know the last event, so that no history has two versions.
 */
public final class PostgresJournal extends UntypedAbstractActor {
  private static final int REPLAYS_MAX = 64;
  private static final String DELETED_TO =
      "UPDATE mayfly_key SET deleted_to = ? WHERE persistence_id = ? AND deleted_to < ?";

  /** What the feed still tells of stays until that has grown old. */
  private static final String DELETE =
      """
      DELETE FROM mayfly_event e WHERE persistence_id = ? AND sequence_nr <= ?
        AND (tag IS NULL OR position <= coalesce(
          (SELECT max(f.position) FROM mayfly_feed_floor f WHERE f.tag = e.tag), 0))
      """;

  private final PostgresStore store;
  private final Gathering<PendingWrite> writes;
  private final Gathering<ReplayMessages> replays;
  private final boolean publish;

  /** Called by Pekko Persistence. */
  public PostgresJournal(Config config, String configPath) {
    var system = getContext().getSystem();
    store = PostgresStoreExtension.get(system).store();
    PostgresSettings settings = store.settings();
    EventCodec codec = new EventCodec(SerializationExtension.get(system));
    Adapters adapters = new Adapters(Persistence.get(system).adaptersFor(configPath));
    writes =
        new Gathering<>(
            "writer",
            settings.writers(),
            settings.writerQueue(),
            settings.groupWrites(),
            new Commits(store, codec, adapters)::carryOut,
            PendingWrite::fail);
    store.writesWait(writes::waiting);
    replays =
        new Gathering<>(
            "replay",
            settings.readers(),
            settings.readerQueue(),
            REPLAYS_MAX,
            new Replays(store, codec, adapters)::carryOut,
            Replays::fail);
    publish = PostgresStoreExtension.publishesCommands(system);
  }

  @Override
  public void postStop() {
    writes.close();
    replays.close();
  }

  @Override
  public void onReceive(Object message) {
    if (message instanceof WriteMessages write) {
      writes.add(new PendingWrite(write, getSelf()));
    } else if (message instanceof ReplayMessages replay) {
      replays.add(replay);
      publish(replay);
    } else if (message instanceof DeleteMessagesTo delete) {
      onDelete(delete);
    } else {
      unhandled(message);
    }
  }

  private void onDelete(DeleteMessagesTo delete) {
    long to = delete.toSequenceNr();
    ActorRef self = getSelf();
    try {
      store
          .readers()
          .execute(
              () -> {
                try {
                  delete(delete.persistenceId(), to);
                  delete.persistentActor().tell(new DeleteMessagesSuccess(to), self);
                } catch (RuntimeException e) {
                  delete.persistentActor().tell(new DeleteMessagesFailure(e, to), self);
                }
              });
    } catch (RejectedExecutionException e) {
      delete.persistentActor().tell(new DeleteMessagesFailure(e, to), self);
    }
    publish(delete);
  }

  private void delete(String persistenceId, long to) {
    if (!store.permitsWrites()) {
      throw new StoreBusyException("the node is not entitled to write now");
    }
    store
        .sql()
        .ask(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(DELETED_TO)) {
                statement.setLong(1, to);
                statement.setString(2, persistenceId);
                statement.setLong(3, to);
                statement.executeUpdate();
              }
              try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
                statement.setString(1, persistenceId);
                statement.setLong(2, to);
                return statement.executeUpdate();
              }
            });
  }

  private void publish(Object command) {
    if (publish) {
      getContext().getSystem().getEventStream().publish(command);
    }
  }
}
