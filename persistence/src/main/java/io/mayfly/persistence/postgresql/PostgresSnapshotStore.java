package io.mayfly.persistence.postgresql;

import com.typesafe.config.Config;
import io.mayfly.persistence.plugin.EventCodec;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.UntypedAbstractActor;
import org.apache.pekko.persistence.DeleteSnapshotFailure;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshots;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotFailed;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotResult;
import org.apache.pekko.persistence.SnapshotProtocol.SaveSnapshot;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.serialization.SerializationExtension;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * The snapshot store in the shared store. For a group of keys the database is asked once which of
 * them have a snapshot at all.
 */
public final class PostgresSnapshotStore extends UntypedAbstractActor {
  private static final int LOADS_MAX = 64;

  private final PostgresStore store;
  private final SnapshotRows snapshots;
  private final Gathering<Load> loads;
  private final boolean publish;

  /** A snapshot that somebody waits for. */
  private record Load(LoadSnapshot request, ActorRef sender) {
    void answer(@Nullable SelectedSnapshot found) {
      tell(new LoadSnapshotResult(Option.apply(found), request.toSequenceNr()));
    }

    void fail(RuntimeException cause) {
      tell(new LoadSnapshotFailed(cause));
    }

    private void tell(Object answer) {
      sender.tell(answer, ActorRef.noSender());
    }
  }

  /** Called by Pekko Persistence. */
  public PostgresSnapshotStore(Config config, String configPath) {
    var system = getContext().getSystem();
    store = PostgresStoreExtension.get(system).store();
    snapshots =
        new SnapshotRows(
            store.sql(),
            new EventCodec(SerializationExtension.get(system)),
            InstantSource.system());
    loads =
        new Gathering<>(
            "snapshot",
            store.settings().readers(),
            store.settings().readerQueue(),
            LOADS_MAX,
            this::load,
            Load::fail);
    publish = PostgresStoreExtension.publishesCommands(system);
  }

  @Override
  public void postStop() {
    loads.close();
  }

  @Override
  public void onReceive(Object message) {
    if (message instanceof LoadSnapshot load) {
      loads.add(new Load(load, getSender()));
    } else if (message instanceof SaveSnapshot save) {
      reply(
          () -> save(save.metadata(), save.snapshot()),
          failure -> new SaveSnapshotFailure(save.metadata(), failure));
    } else if (message instanceof DeleteSnapshot delete) {
      reply(
          () -> delete(delete.metadata()),
          failure -> new DeleteSnapshotFailure(delete.metadata(), failure));
      publish(delete);
    } else if (message instanceof DeleteSnapshots delete) {
      reply(
          () -> delete(delete), failure -> new DeleteSnapshotsFailure(delete.criteria(), failure));
      publish(delete);
    } else {
      unhandled(message);
    }
  }

  private void load(List<Load> group) {
    Set<String> known =
        snapshots.known(
            group.stream().map(load -> load.request().persistenceId()).toArray(String[]::new));
    for (Load load : group) {
      LoadSnapshot request = load.request();
      if (!known.contains(request.persistenceId())) {
        load.answer(null);
        continue;
      }
      try {
        load.answer(
            snapshots.load(
                request.persistenceId(), limited(request.criteria(), request.toSequenceNr())));
      } catch (RuntimeException e) {
        load.fail(e);
      }
    }
  }

  private static SnapshotSelectionCriteria limited(
      SnapshotSelectionCriteria criteria, long toSequenceNr) {
    return toSequenceNr < criteria.maxSequenceNr()
        ? new SnapshotSelectionCriteria(
            toSequenceNr,
            criteria.maxTimestamp(),
            criteria.minSequenceNr(),
            criteria.minTimestamp())
        : criteria;
  }

  private Object save(SnapshotMetadata metadata, Object snapshot) {
    if (!store.permitsWrites()) {
      throw new StoreBusyException("the node is not entitled to write now");
    }
    return new SaveSnapshotSuccess(snapshots.save(metadata, snapshot));
  }

  private Object delete(SnapshotMetadata metadata) {
    snapshots.delete(
        metadata.persistenceId(),
        new SnapshotSelectionCriteria(
            metadata.sequenceNr(), Long.MAX_VALUE, metadata.sequenceNr(), 0));
    return new DeleteSnapshotSuccess(metadata);
  }

  private Object delete(DeleteSnapshots delete) {
    snapshots.delete(delete.persistenceId(), delete.criteria());
    return new DeleteSnapshotsSuccess(delete.criteria());
  }

  /** Works on a reader's thread and answers the sender. */
  private void reply(Supplier<Object> work, Function<Throwable, Object> failed) {
    ActorRef sender = getSender();
    ActorRef self = getSelf();
    try {
      store
          .readers()
          .execute(
              () -> {
                Object answer;
                try {
                  answer = work.get();
                } catch (RuntimeException e) {
                  answer = failed.apply(e);
                }
                sender.tell(answer, self);
              });
    } catch (RejectedExecutionException e) {
      sender.tell(failed.apply(e), self);
    }
  }

  private void publish(Object command) {
    if (publish) {
      getContext().getSystem().getEventStream().publish(command);
    }
  }
}
