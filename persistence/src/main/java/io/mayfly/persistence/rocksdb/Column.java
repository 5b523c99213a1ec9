package io.mayfly.persistence.rocksdb;

import java.nio.charset.StandardCharsets;

/** The column families. Their names are part of the stored format. */
enum Column {
  /** Single values: the last ordering, the highest purged incarnation. */
  META(0, "default"),
  /** Persistence id and sequence number to event. */
  EVENTS(1, "events"),
  /** Persistence ids with events ({@link Heads}), and to the number of their latest snapshot. */
  HEADS(2, "heads"),
  /** Tag and ordering to sequence number and persistence id. */
  TAGS(3, "tags"),
  /** Persistence id and sequence number to snapshot. */
  SNAPSHOTS(4, "snapshots"),
  /** Namespace and key to row. */
  LISTING(5, "listing"),
  /** Namespace, deadline and key to row. */
  EXPIRY(6, "expiry"),
  /** Slice, instant and persistence id to nothing. */
  WAKE(7, "wake");

  /** All columns in their stored order; not to be changed. */
  static final Column[] ALL = values();

  private final int index;
  private final String storedName;

  Column(int index, String storedName) {
    this.index = index;
    this.storedName = storedName;
  }

  /** The place in {@link #ALL}. */
  int index() {
    return index;
  }

  byte[] nameBytes() {
    return storedName.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether the column is asked for keys that are not there, so that filters must say so. */
  boolean answersAbsence() {
    return this == HEADS || this == META;
  }
}
