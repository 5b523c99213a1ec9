package io.mayfly.testkit.sim;

import com.typesafe.config.Config;
import org.apache.pekko.actor.UntypedAbstractActor;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshots;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotResult;
import org.apache.pekko.persistence.SnapshotProtocol.SaveSnapshot;
import scala.Option;

/** The snapshots of all nodes, over the {@link Store}. */
public final class SimulatedSnapshotStore extends UntypedAbstractActor {
  private final World world;

  /** Called by Pekko Persistence. */
  public SimulatedSnapshotStore(Config config, String configPath) {
    this.world = World.of(getContext().getSystem());
  }

  @Override
  public void onReceive(Object message) {
    if (message instanceof LoadSnapshot load) {
      var found = world.store().snapshot(load.persistenceId(), load.criteria());
      getSender().tell(new LoadSnapshotResult(Option.apply(found), load.toSequenceNr()), getSelf());
    } else if (message instanceof SaveSnapshot save) {
      world.store().save(save.metadata(), save.snapshot());
      getSender().tell(new SaveSnapshotSuccess(save.metadata()), getSelf());
    } else if (message instanceof DeleteSnapshots delete) {
      world.store().deleteSnapshots(delete.persistenceId(), delete.criteria());
      getSender().tell(new DeleteSnapshotsSuccess(delete.criteria()), getSelf());
    } else {
      unhandled(message);
    }
  }
}
