package io.mayfly.persistence.rocksdb;

import com.typesafe.config.Config;
import io.mayfly.persistence.plugin.Adapters;
import io.mayfly.persistence.plugin.EventCodec;
import java.util.List;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.serialization.SerializationExtension;

/** What the queries share: the store, and the reading of events. */
final class QuerySource {
  private final RocksStore store;
  private final EventCodec codec;
  private final Adapters adapters;
  private final int pageSize;

  QuerySource(ExtendedActorSystem system, Config config) {
    store = RocksStoreExtension.get(system).store();
    codec = new EventCodec(SerializationExtension.get(system));
    adapters =
        new Adapters(Persistence.get(system).adaptersFor(config.getString("journal-plugin")));
    pageSize = config.getInt("page-size");
  }

  RocksStore store() {
    return store;
  }

  Database database() {
    return store.database();
  }

  Commits commits() {
    return store.commits();
  }

  int pageSize() {
    return pageSize;
  }

  long lastOrdering() {
    return Math.max(0, database().number(Column.META, Keys.LAST_ORDERING));
  }

  long highestSequenceNr(String id) {
    return new Heads(database()).highest(id);
  }

  /** The first sequence number of an id whose event was not deleted. */
  long lowestSequenceNr(String id) {
    return 1 + new Heads(database()).deleted(id);
  }

  /** What a stored event is to its readers; with event adapters, none or several. */
  List<EventEnvelope> envelopes(String id, long sequenceNr, byte[] stored) {
    Sequence offset = new Sequence(EventCodec.ordering(stored));
    return adapters.fromJournal(codec.read(id, sequenceNr, stored)).stream()
        .map(
            event ->
                new EventEnvelope(
                    offset, id, sequenceNr, event.payload(), event.timestamp(), event.metadata()))
        .toList();
  }
}
