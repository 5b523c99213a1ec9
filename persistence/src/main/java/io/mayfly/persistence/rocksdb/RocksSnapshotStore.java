package io.mayfly.persistence.rocksdb;

import com.typesafe.config.Config;
import io.mayfly.persistence.plugin.EventCodec;
import java.time.InstantSource;
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
 * The snapshot store. It speaks the plug-in protocol itself: that a key has no snapshot is answered
 * by one look at a filter, without a hop.
 */
public final class RocksSnapshotStore extends UntypedAbstractActor {
  private final Snapshots snapshots;
  private final boolean publish;

  /** Called by Pekko Persistence. */
  public RocksSnapshotStore(Config config, String configPath) {
    var system = getContext().getSystem();
    snapshots =
        new Snapshots(
            RocksStoreExtension.get(system).store(),
            new EventCodec(SerializationExtension.get(system)),
            InstantSource.system());
    publish = RocksStoreExtension.publishesCommands(system);
  }

  @Override
  public void onReceive(Object message) {
    if (message instanceof LoadSnapshot load) {
      reply(load(load));
    } else if (message instanceof SaveSnapshot save) {
      reply(save(save));
    } else if (message instanceof DeleteSnapshot delete) {
      reply(delete(delete.metadata()));
      publish(delete);
    } else if (message instanceof DeleteSnapshots delete) {
      reply(delete(delete));
      publish(delete);
    } else {
      unhandled(message);
    }
  }

  private Object load(LoadSnapshot load) {
    try {
      SnapshotSelectionCriteria criteria = limited(load.criteria(), load.toSequenceNr());
      @Nullable SelectedSnapshot found = snapshots.load(load.persistenceId(), criteria);
      return new LoadSnapshotResult(Option.apply(found), load.toSequenceNr());
    } catch (Exception e) {
      return new LoadSnapshotFailed(e);
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

  private Object save(SaveSnapshot save) {
    try {
      return new SaveSnapshotSuccess(snapshots.save(save.metadata(), save.snapshot()));
    } catch (Exception e) {
      return new SaveSnapshotFailure(save.metadata(), e);
    }
  }

  private Object delete(SnapshotMetadata metadata) {
    try {
      snapshots.delete(
          metadata.persistenceId(),
          new SnapshotSelectionCriteria(
              metadata.sequenceNr(), Long.MAX_VALUE, metadata.sequenceNr(), 0));
      return new DeleteSnapshotSuccess(metadata);
    } catch (Exception e) {
      return new DeleteSnapshotFailure(metadata, e);
    }
  }

  private Object delete(DeleteSnapshots delete) {
    try {
      snapshots.delete(delete.persistenceId(), delete.criteria());
      return new DeleteSnapshotsSuccess(delete.criteria());
    } catch (Exception e) {
      return new DeleteSnapshotsFailure(delete.criteria(), e);
    }
  }

  private void reply(Object message) {
    getSender().tell(message, getSelf());
  }

  private void publish(Object command) {
    if (publish) {
      getContext().getSystem().getEventStream().publish(command);
    }
  }
}
