package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.Adapters;
import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.EventCodec;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayedMessage;
import org.apache.pekko.persistence.PersistentRepr;

/** One replay of a persistence id's events, in order, to the actor that recovers. */
final class Replay {
  private final Database database;
  private final EventCodec codec;
  private final Adapters adapters;
  private final ReplayMessages request;
  private final long fromSequenceNr;
  private final long toSequenceNr;
  private long replayed;

  Replay(
      Database database,
      EventCodec codec,
      Adapters adapters,
      ReplayMessages request,
      long fromSequenceNr,
      long toSequenceNr) {
    this.database = database;
    this.codec = codec;
    this.adapters = adapters;
    this.request = request;
    this.fromSequenceNr = fromSequenceNr;
    this.toSequenceNr = toSequenceNr;
  }

  void run() {
    String id = request.persistenceId();
    database.scan(
        Column.EVENTS, Keys.numbered(id, fromSequenceNr), Keys.numberedEnd(id), this::row);
  }

  private boolean row(byte[] key, byte[] value) {
    long sequenceNr = ByteReader.lastI64(key);
    if (sequenceNr > toSequenceNr) {
      return false;
    }
    PersistentRepr event = codec.read(request.persistenceId(), sequenceNr, value);
    for (PersistentRepr adapted : adapters.fromJournal(event)) {
      request.persistentActor().tell(new ReplayedMessage(adapted), ActorRef.noSender());
    }
    return ++replayed < request.max() && sequenceNr < toSequenceNr;
  }
}
