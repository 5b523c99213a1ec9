package io.mayfly.persistence.rocksdb;

import com.typesafe.config.Config;
import io.mayfly.persistence.plugin.Adapters;
import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.persistence.plugin.PendingWrite;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.UntypedAbstractActor;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.JournalProtocol.RecoverySuccess;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessagesFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * The journal. It speaks the plug-in protocol itself, on a thread of its own: requests that arrive
 * while it writes are written together next, and each is answered when it is in the log, or forced
 * to disk when its event asks for that.
 *
 * <p>A key that was never stored is answered by one look at a filter. Replays of others run on the
 * store's readers, so that a long one holds no write up.
 *
 * <p>The replay filter of Pekko's own journals is not applied: one process writes here, so there
 * are no other writers to filter out.
 */
public final class RocksJournal extends UntypedAbstractActor {
  private enum Flush {
    NOW
  }

  /**
   * A task that finds everything written that was sent before, while nothing else is being written.
   */
  record InTurn(Runnable task) {}

  private final RocksStore store;
  private final Database database;
  private final Adapters adapters;
  private final EventCodec codec;
  private final WriteGroup group;
  private final Forcing forcing;
  private final Heads heads;
  private final boolean publish;
  private final EventStream eventStream = getContext().getSystem().getEventStream();
  private boolean flushScheduled;

  /** Called by Pekko Persistence. */
  public RocksJournal(Config config, String configPath) {
    var system = getContext().getSystem();
    store = RocksStoreExtension.get(system).store();
    database = store.database();
    adapters = new Adapters(Persistence.get(system).adaptersFor(configPath));
    codec = new EventCodec(SerializationExtension.get(system));
    group = new WriteGroup(store, codec, adapters, InstantSource.system());
    forcing = new Forcing(store);
    heads = new Heads(database);
    publish = RocksStoreExtension.publishesCommands(system);
  }

  @Override
  public void postStop() {
    forcing.close();
  }

  @Override
  public void onReceive(Object message) {
    if (message instanceof WriteMessages write) {
      onWrite(write);
    } else if (message == Flush.NOW) {
      flushScheduled = false;
      flush();
    } else if (message instanceof ReplayMessages replay) {
      onReplay(replay);
    } else if (message instanceof DeleteMessagesTo delete) {
      onDelete(delete);
    } else if (message instanceof InTurn turn) {
      flush();
      turn.task().run();
    } else {
      unhandled(message);
    }
  }

  private void onWrite(WriteMessages write) {
    group.add(new PendingWrite(write, getSelf()));
    if (group.isFull()) {
      flush();
    } else if (!flushScheduled) {
      flushScheduled = true;
      getSelf().tell(Flush.NOW, ActorRef.noSender());
    }
  }

  private void flush() {
    if (group.isEmpty()) {
      return;
    }
    var waiting = group.writes();
    try {
      group.commit();
    } catch (RuntimeException e) {
      waiting.forEach(write -> write.fail(e));
      return;
    }
    for (PendingWrite write : waiting) {
      if (write.forced()) {
        forcing.force(write);
      } else {
        write.succeed();
      }
    }
  }

  private void onReplay(ReplayMessages replay) {
    if (group.concerns(replay.persistenceId())) {
      flush();
    }
    try {
      if (heads.exists(replay.persistenceId())) {
        ActorRef self = getSelf();
        store.readers().execute(() -> replay(replay, self));
      } else {
        answer(replay, new RecoverySuccess(0), getSelf());
      }
    } catch (StoreUnavailableException | RejectedExecutionException e) {
      answer(replay, new ReplayMessagesFailure(e), getSelf());
    }
  }

  /** Runs on a reader's thread. */
  private void replay(ReplayMessages replay, ActorRef self) {
    try {
      Heads own = new Heads(database);
      long head = own.highest(replay.persistenceId());
      long from = Math.max(own.deleted(replay.persistenceId()) + 1, replay.fromSequenceNr());
      long to = Math.min(replay.toSequenceNr(), head);
      if (from <= to && replay.max() > 0) {
        new Replay(database, codec, adapters, replay, from, to).run();
      }
      answer(replay, new RecoverySuccess(head), self);
    } catch (Exception e) {
      answer(replay, new ReplayMessagesFailure(e), self);
    }
  }

  private void onDelete(DeleteMessagesTo delete) {
    flush();
    long to = delete.toSequenceNr();
    try {
      group.delete(delete.persistenceId(), to);
      group.commit();
      store.erasure().request();
      delete.persistentActor().tell(new DeleteMessagesSuccess(to), getSelf());
    } catch (RuntimeException e) {
      delete.persistentActor().tell(new DeleteMessagesFailure(e, to), getSelf());
    }
    publish(delete);
  }

  private void answer(ReplayMessages replay, Object message, ActorRef self) {
    replay.persistentActor().tell(message, self);
    publish(replay);
  }

  private void publish(Object command) {
    if (publish) {
      eventStream.publish(command);
    }
  }
}
