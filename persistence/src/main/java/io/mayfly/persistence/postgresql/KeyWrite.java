package io.mayfly.persistence.postgresql;

import io.mayfly.persistence.plugin.Adapters;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.persistence.plugin.PendingWrite;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** One request to write as it will stand in the tables: all of it belongs to one key. */
final class KeyWrite {
  private final PendingWrite request;
  private String persistenceId = "";
  private long firstSequenceNr;
  private long lastSequenceNr;
  private List<Row> events = new ArrayList<>();
  private LedgerChange change = LedgerChange.NONE;
  private boolean erases;
  private long purged;

  /** An event as it is stored. */
  static final class Row {
    private final long sequenceNr;
    private final byte[] stored;
    private final @Nullable String tag;

    private Row(long sequenceNr, byte[] stored, @Nullable String tag) {
      this.sequenceNr = sequenceNr;
      this.stored = stored;
      this.tag = tag;
    }

    long sequenceNr() {
      return sequenceNr;
    }

    byte[] stored() {
      return stored;
    }

    /** Whose feed tells of it; absent when none does. */
    @Nullable String tag() {
      return tag;
    }
  }

  private KeyWrite(PendingWrite request) {
    this.request = request;
  }

  /**
   * Spells a request out. What cannot be serialized is rejected and leaves no trace; who wrote it
   * is told why, and knows under which name it may be logged.
   */
  static KeyWrite of(PendingWrite request, EventCodec codec, Adapters adapters) {
    KeyWrite write = new KeyWrite(request);
    Iterator<PersistentEnvelope> envelopes = request.request().messages().iterator();
    while (envelopes.hasNext()) {
      if (envelopes.next() instanceof AtomicWrite atomic) {
        write.add(atomic, codec, adapters);
      }
    }
    return write;
  }

  private void add(AtomicWrite atomic, EventCodec codec, Adapters adapters) {
    KeyWrite whole = new KeyWrite(request);
    try {
      Iterator<PersistentRepr> all = atomic.payload().iterator();
      while (all.hasNext()) {
        whole.add(adapters.toJournal(all.next()), codec);
      }
    } catch (Exception e) {
      request.reject(atomic, e);
      return;
    }
    take(whole, atomic);
  }

  /** What is spelt out as a whole follows what was taken before. */
  private void take(KeyWrite later, AtomicWrite atomic) {
    persistenceId = atomic.persistenceId();
    firstSequenceNr = firstSequenceNr == 0 ? atomic.lowestSequenceNr() : firstSequenceNr;
    lastSequenceNr = atomic.highestSequenceNr();
    change = later.change.equals(LedgerChange.NONE) ? change : later.change;
    if (later.erases) {
      erases = true;
      events = new ArrayList<>();
    }
    purged = Math.max(purged, later.purged);
    events.addAll(later.events);
  }

  private void add(PersistentRepr event, EventCodec codec) {
    Object payload = event.payload();
    Set<String> tags = Set.of();
    if (payload instanceof Tagged tagged) {
      payload = tagged.payload();
      tags = CollectionConverters.asJava(tagged.tags());
    }
    LedgerChange told =
        payload instanceof Recorded recorded ? recorded.ledgerChange() : LedgerChange.NONE;
    change = told.equals(LedgerChange.NONE) ? change : told;
    if (told.purged() > 0) {
      erases = true;
      purged = Math.max(purged, told.purged());
      events.clear();
    } else {
      ByteWriter stored = new ByteWriter(256);
      codec.writeHead(stored, event, payload, 0, tags);
      byte[] bytes = stored.raw(codec.body(payload)).toBytes();
      events.add(new Row(event.sequenceNr(), bytes, only(tags)));
    }
  }

  /** An event has one place in the feed, so it belongs to one tag. */
  private static @Nullable String only(Set<String> tags) {
    if (tags.size() > 1) {
      throw new IllegalArgumentException("an event with more than one tag: " + tags);
    }
    return tags.isEmpty() ? null : tags.iterator().next();
  }

  PendingWrite request() {
    return request;
  }

  String persistenceId() {
    return persistenceId;
  }

  long firstSequenceNr() {
    return firstSequenceNr;
  }

  long lastSequenceNr() {
    return lastSequenceNr;
  }

  /** The events that are to be stored. */
  List<Row> events() {
    return events;
  }

  /** What the ledger shows afterwards; {@link LedgerChange#NONE} when that does not change. */
  LedgerChange change() {
    return change;
  }

  /** Whether nothing of it was fit to be stored. */
  boolean isEmpty() {
    return lastSequenceNr == 0;
  }

  /** Whether everything is erased that was stored of the key before. */
  boolean erases() {
    return erases;
  }

  /** Whether nothing of the key remains. */
  boolean leavesNothing() {
    return erases && events.isEmpty();
  }

  /** The incarnation that it purges; 0 for none. */
  long purged() {
    return purged;
  }
}
