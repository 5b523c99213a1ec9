package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.Adapters;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.persistence.plugin.PendingWrite;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.Recorded;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The writes that go to disk together: requests that arrived while nothing was being written.
 * Confined to the journal's thread.
 */
final class WriteGroup {
  private final RocksStore store;
  private final InstantSource clock;
  private final Heads heads;
  private final EventCodec codec;
  private final Adapters adapters;
  private final ComposedBatch batch;
  private final LedgerRows ledgerRows = new LedgerRows();
  private final FeedFloors floors;
  private final Traces traces;
  private final Orderings orderings;
  private final ByteWriter key = new ByteWriter(128);
  private final ByteWriter value = new ByteWriter(256);
  private final List<PendingWrite> writes = new ArrayList<>();
  private final Map<String, Traces.@Nullable Stored> stored = new HashMap<>();
  private final Set<String> tags = new HashSet<>();
  private final List<FeedTaps.Tagged> tagged = new ArrayList<>();
  private long purged;

  WriteGroup(RocksStore store, EventCodec codec, Adapters adapters, InstantSource clock) {
    this.clock = clock;
    this.store = store;
    Database database = store.database();
    this.heads = new Heads(database);
    this.codec = codec;
    this.adapters = adapters;
    this.batch = database.newBatch();
    this.floors = new FeedFloors(database);
    this.traces = new Traces(database, floors);
    this.orderings = new Orderings(database);
  }

  boolean isEmpty() {
    return writes.isEmpty();
  }

  boolean isFull() {
    return batch.length() >= store.settings().groupBytes()
        || writes.size() >= store.settings().groupWrites();
  }

  /** Whether something of this persistence id waits to be written. */
  boolean concerns(String persistenceId) {
    return stored.containsKey(persistenceId);
  }

  /**
   * Takes a request in. What cannot be serialized is rejected and leaves no trace; who wrote it is
   * told why, and knows under which name it may be logged.
   */
  void add(PendingWrite write) {
    Iterator<PersistentEnvelope> envelopes = write.request().messages().iterator();
    while (envelopes.hasNext()) {
      if (envelopes.next() instanceof AtomicWrite atomic) {
        addAtomic(write, atomic);
      }
    }
    writes.add(write);
  }

  /** Deletes an id's events up to a sequence number, after what waits. */
  void delete(String persistenceId, long toSequenceNr) {
    traces.deleteEvents(batch, persistenceId, toSequenceNr);
    store.deletions().note(persistenceId);
    batch.oweErasure(store.erasure().nextOwed());
    stored.putIfAbsent(persistenceId, null);
  }

  /** The requests of the group. */
  List<PendingWrite> writes() {
    return List.copyOf(writes);
  }

  /** Writes the group in one step; afterwards it is empty, also when that failed. */
  void commit() {
    try {
      if (!batch.isEmpty()) {
        Set<String> ids = stored.keySet();
        Set<String> created = store.commits().wantsNewPersistenceIds() ? absent(ids) : Set.of();
        floors.write(batch);
        boolean reserved = orderings.note(batch);
        store.write(batch);
        if (reserved) {
          store.sync();
        }
        announce(ids, created);
      }
    } finally {
      clear();
    }
  }

  private void announce(Set<String> ids, Set<String> created) {
    if (purged > 0) {
      store.purged(purged);
    }
    store.commits().committed(tags, ids);
    store.feedTaps().committed(orderings.last(), tagged);
    if (!created.isEmpty()) {
      store.commits().created(created);
    }
  }

  private Set<String> absent(Set<String> ids) {
    Set<String> absent = new HashSet<>();
    for (String id : ids) {
      if (!heads.exists(id)) {
        absent.add(id);
      }
    }
    return absent;
  }

  private void clear() {
    batch.clear();
    writes.clear();
    stored.clear();
    tags.clear();
    tagged.clear();
    purged = 0;
  }

  private void addAtomic(PendingWrite write, AtomicWrite atomic) {
    String id = atomic.persistenceId();
    ComposedBatch.Mark mark = batch.mark();
    int taggedBefore = tagged.size();
    Traces.Stored before = stored.get(id);
    try {
      Iterator<PersistentRepr> events = atomic.payload().iterator();
      while (events.hasNext()) {
        addEvent(write, adapters.toJournal(events.next()));
      }
    } catch (Exception e) {
      batch.resetTo(mark);
      tagged.subList(taggedBefore, tagged.size()).clear();
      stored.put(id, before);
      write.reject(atomic, e);
    }
  }

  private void addEvent(PendingWrite write, PersistentRepr event) {
    Object payload = event.payload();
    Set<String> eventTags = Set.of();
    if (payload instanceof Tagged tagged) {
      payload = tagged.payload();
      eventTags = CollectionConverters.asJava(tagged.tags());
    }
    LedgerChange change = null;
    if (payload instanceof Recorded recorded) {
      change = recorded.ledgerChange();
      if (recorded.forced()) {
        write.force();
      }
      ledgerRows.apply(batch, event.persistenceId(), change);
    }
    if (change != null && change.purged() > 0) {
      purge(event.persistenceId(), change.purged());
    } else {
      store(event, payload, eventTags, change != null && change.followsAnother());
    }
  }

  /**
   * Adds an event.
   *
   * @param follows whether the id is known to have had one before
   */
  private void store(PersistentRepr event, Object payload, Set<String> eventTags, boolean follows) {
    String id = event.persistenceId();
    byte[] body = codec.body(payload);
    long ordering = orderings.next();
    codec.writeHead(value, event.withTimestamp(clock.millis()), payload, ordering, eventTags);
    batch.put(Column.EVENTS, Keys.numbered(key, id, event.sequenceNr()), value, body);
    for (String tag : eventTags) {
      value.truncate(0).i64(event.sequenceNr()).text(id);
      batch.put(Column.TAGS, Keys.numbered(key, tag, ordering), value);
      tags.add(tag);
      tagged.add(new FeedTaps.Tagged(tag, ordering, payload));
    }
    if (!follows) {
      value.truncate(0).i64(event.sequenceNr());
      batch.put(Column.HEADS, Keys.eventHead(key, id), value);
    }
    stored.put(id, new Traces.Stored(event.sequenceNr(), ordering, eventTags, stored.get(id)));
  }

  private void purge(String id, long incarnation) {
    traces.erase(batch, id, stored.get(id));
    store.deletions().note(id);
    batch.oweErasure(store.erasure().nextOwed());
    stored.put(id, null);
    purged = Math.max(purged, incarnation);
    if (purged > store.ledger().highestPurgedIncarnation()) {
      batch.put(
          Column.META, key.truncate(0).raw(Keys.HIGHEST_PURGED), value.truncate(0).i64(purged));
    }
  }
}
