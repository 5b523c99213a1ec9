package io.mayfly.persistence.rocksdb;

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
  private final ByteWriter key = new ByteWriter(128);

  Traces(Database database) {
    this.database = database;
  }

  /** Removes events, tag rows, snapshots and heads, also those that wait in the batch. */
  void erase(ComposedBatch batch, String id, @Nullable Stored waiting) {
    for (Stored event = waiting; event != null; event = event.previous()) {
      deleteEvent(batch, id, event.sequenceNr(), event.ordering(), event.tags());
    }
    if (database.number(Column.HEADS, Keys.eventHead(key, id)) >= 0) {
      deleteEvents(batch, id, Long.MAX_VALUE);
    }
    batch.delete(Column.HEADS, Keys.eventHead(key, id));
    if (database.number(Column.HEADS, Keys.snapshotHead(key, id)) >= 0) {
      deleteSnapshots(batch, id);
      batch.delete(Column.HEADS, Keys.snapshotHead(key, id));
    }
  }

  /** Removes the events that are on disk, up to a sequence number. */
  void deleteEvents(ComposedBatch batch, String id, long toSequenceNr) {
    database.scan(
        Column.EVENTS,
        Keys.numbered(id, 0),
        Keys.numberedEnd(id),
        (stored, value) -> {
          long sequenceNr = ByteReader.lastI64(stored);
          if (sequenceNr > toSequenceNr) {
            return false;
          }
          deleteEvent(batch, id, sequenceNr, EventCodec.ordering(value), EventCodec.tags(value));
          return true;
        });
  }

  private void deleteSnapshots(ComposedBatch batch, String id) {
    database.scan(
        Column.SNAPSHOTS,
        Keys.numbered(id, 0),
        Keys.numberedEnd(id),
        (stored, value) -> {
          batch.delete(Column.SNAPSHOTS, key.truncate(0).raw(stored));
          return true;
        });
  }

  private void deleteEvent(
      ComposedBatch batch, String id, long sequenceNr, long ordering, Set<String> tags) {
    batch.delete(Column.EVENTS, Keys.numbered(key, id, sequenceNr));
    for (String tag : tags) {
      batch.delete(Column.TAGS, Keys.numbered(key, tag, ordering));
    }
  }
}
