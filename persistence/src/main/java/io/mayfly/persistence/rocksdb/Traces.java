package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.persistence.plugin.EventCodec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Removes what the store holds of one persistence id. Confined to the journal's thread. */
final class Traces {
  /**
   * An event that waits to be written in the same batch, and those before it.
   *
   * @param previous the event of the same persistence id before it, if that waits too
   */
  record Stored(
      long sequenceNr, long ordering, Set<String> tags, Traces.@Nullable Stored previous) {}

  private final Database database;
  private final FeedFloors floors;
  private final Heads heads;
  private final ByteWriter key = new ByteWriter(128);
  private final ByteWriter value = new ByteWriter(Long.BYTES);

  Traces(Database database, FeedFloors floors) {
    this.database = database;
    this.floors = floors;
    this.heads = new Heads(database);
  }

  /** Removes events, tag rows, snapshots and heads, also those that wait in the batch. */
  void erase(ComposedBatch batch, String id, @Nullable Stored waiting) {
    for (Stored event = waiting; event != null; event = event.previous()) {
      deleteEvent(batch, id, event.sequenceNr(), event.ordering(), event.tags());
    }
    if (heads.exists(id)) {
      eraseEvents(batch, id);
    }
    batch.delete(Column.HEADS, Keys.eventHead(key, id));
    if (heads.deleted(id) > 0) {
      batch.delete(Column.HEADS, Keys.deletedHead(key, id));
    }
    if (database.number(Column.HEADS, Keys.snapshotHead(key, id)) >= 0) {
      deleteSnapshots(batch, id);
      batch.delete(Column.HEADS, Keys.snapshotHead(key, id));
    }
  }

  private void eraseEvents(ComposedBatch batch, String id) {
    scan(
        id,
        0,
        (sequenceNr, stored) -> {
          deleteEvent(batch, id, sequenceNr, EventCodec.ordering(stored), EventCodec.tags(stored));
          return true;
        });
  }

  /**
   * Deletes the events that are on disk, up to a sequence number. Nothing replays them from now on;
   * those that a feed still tells of leave the disk when it forgets them.
   */
  void deleteEvents(ComposedBatch batch, String id, long toSequenceNr) {
    long to = Math.min(toSequenceNr, heads.highest(id));
    long from = heads.deleted(id) + 1;
    if (to < from) {
      return;
    }
    scan(
        id,
        from,
        (sequenceNr, stored) -> {
          long ordering = EventCodec.ordering(stored);
          if (sequenceNr <= to
              && EventCodec.tags(stored).stream().allMatch(tag -> ordering <= floors.of(tag))) {
            batch.delete(Column.EVENTS, Keys.numbered(key, id, sequenceNr));
          }
          return sequenceNr < to;
        });
    batch.put(Column.HEADS, Keys.deletedHead(key, id), value.truncate(0).i64(to));
  }

  @FunctionalInterface
  private interface EventVisitor {
    boolean event(long sequenceNr, byte[] stored);
  }

  private void scan(String id, long fromSequenceNr, EventVisitor visitor) {
    database.scan(
        Column.EVENTS,
        Keys.numbered(id, fromSequenceNr),
        Keys.numberedEnd(id),
        (stored, event) -> visitor.event(ByteReader.lastI64(stored), event));
  }

  private void deleteSnapshots(ComposedBatch batch, String id) {
    database.scan(
        Column.SNAPSHOTS,
        Keys.numbered(id, 0),
        Keys.numberedEnd(id),
        (stored, snapshot) -> {
          batch.delete(Column.SNAPSHOTS, key.truncate(0).raw(stored));
          return true;
        });
  }

  private void deleteEvent(
      ComposedBatch batch, String id, long sequenceNr, long ordering, Set<String> tags) {
    batch.delete(Column.EVENTS, Keys.numbered(key, id, sequenceNr));
    for (String tag : tags) {
      floors.raise(tag, ordering);
      batch.delete(Column.TAGS, Keys.numbered(key, tag, ordering));
    }
  }
}
