package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;

/**
 * How far the events of persistence ids go. An id with events has a row that says so; its last
 * event says how far, and, when no event is left, how far they were deleted. A row that is written
 * anew with every event costs more than the search that few need.
 */
final class Heads {
  private final Database database;
  private final ByteWriter key = new ByteWriter(128);

  /** Used by one thread at a time. */
  Heads(Database database) {
    this.database = database;
  }

  /** Whether the id has had an event since its last purge. */
  boolean exists(String id) {
    return database.number(Column.HEADS, Keys.eventHead(key, id)) >= 0;
  }

  /** The highest sequence number of the id's events, deleted ones too; 0 when it has had none. */
  long highest(String id) {
    long known = database.number(Column.HEADS, Keys.eventHead(key, id));
    return known < 0 ? 0 : Math.max(known, Math.max(deleted(id), last(id)));
  }

  /** Up to where the id's events were deleted; 0 for nowhere. */
  long deleted(String id) {
    return Math.max(0, database.number(Column.HEADS, Keys.deletedHead(key, id)));
  }

  private long last(String id) {
    long[] last = {0};
    database.scanDown(
        Column.EVENTS,
        Keys.numberedEnd(id),
        Keys.numbered(id, 0),
        (stored, event) -> {
          last[0] = ByteReader.lastI64(stored);
          return false;
        });
    return last[0];
  }
}
