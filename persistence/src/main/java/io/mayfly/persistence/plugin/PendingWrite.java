package io.mayfly.persistence.plugin;

import java.util.IdentityHashMap;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;

/** One request to write, and how it is answered: as Pekko's own journals answer. */
public final class PendingWrite {
  private static final Object SUCCESSFUL = JournalProtocol.WriteMessagesSuccessful$.MODULE$;

  private final WriteMessages request;
  private final ActorRef journal;
  private @Nullable IdentityHashMap<AtomicWrite, Throwable> rejections;
  private boolean forced;

  /** A request that came to this journal. */
  public PendingWrite(WriteMessages request, ActorRef journal) {
    this.request = request;
    this.journal = journal;
  }

  /** What is to be written. */
  public WriteMessages request() {
    return request;
  }

  /** Whether any event of it must be forced to disk first. */
  public boolean forced() {
    return forced;
  }

  /** Asks that it is forced to disk before it is answered. */
  public void force() {
    forced = true;
  }

  /** Remembers that a write was not stored, because it could not be. */
  public void reject(AtomicWrite write, Throwable cause) {
    if (rejections == null) {
      rejections = new IdentityHashMap<>();
    }
    rejections.put(write, cause);
  }

  /** Answers that everything is stored that was not rejected. */
  public void succeed() {
    request.persistentActor().tell(SUCCESSFUL, journal);
    answerEach(null);
  }

  /** Answers that nothing is stored. */
  public void fail(Throwable cause) {
    int writes = 0;
    Iterator<PersistentEnvelope> envelopes = request.messages().iterator();
    while (envelopes.hasNext()) {
      writes += envelopes.next() instanceof AtomicWrite ? 1 : 0;
    }
    request.persistentActor().tell(new JournalProtocol.WriteMessagesFailed(cause, writes), journal);
    answerEach(cause);
  }

  private void answerEach(@Nullable Throwable failure) {
    Iterator<PersistentEnvelope> envelopes = request.messages().iterator();
    while (envelopes.hasNext()) {
      PersistentEnvelope envelope = envelopes.next();
      if (envelope instanceof AtomicWrite write) {
        Throwable rejection = rejections == null ? null : rejections.get(write);
        Iterator<PersistentRepr> events = write.payload().iterator();
        while (events.hasNext()) {
          PersistentRepr event = events.next();
          tell(answer(event, failure, rejection), event.sender());
        }
      } else {
        tell(
            new JournalProtocol.LoopMessageSuccess(envelope.payload(), request.actorInstanceId()),
            envelope.sender());
      }
    }
  }

  private Object answer(
      PersistentRepr event, @Nullable Throwable failure, @Nullable Throwable rejection) {
    int instance = request.actorInstanceId();
    if (failure != null) {
      return new JournalProtocol.WriteMessageFailure(event, failure, instance);
    }
    return rejection == null
        ? new JournalProtocol.WriteMessageSuccess(event, instance)
        : new JournalProtocol.WriteMessageRejected(event, rejection, instance);
  }

  private void tell(Object message, ActorRef sender) {
    request.persistentActor().tell(message, sender);
  }
}
