package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;

/**
 * Numbers events in the order of their commit. No number is used twice, not even after a power loss
 * that took the newest events along: numbers are reserved on disk before they are seen. Confined to
 * the journal's thread.
 */
final class Orderings {
  /** How many numbers one reservation is for; up to as many stay unused after a stop. */
  static final long RESERVED = 16_384;

  private final ByteWriter key = new ByteWriter(1);
  private final ByteWriter value = new ByteWriter(Long.BYTES);
  private long last;
  private long reserved;

  Orderings(Database database) {
    reserved = Math.max(0, database.number(Column.META, Keys.RESERVED_ORDERING));
    last = Math.max(reserved, database.number(Column.META, Keys.LAST_ORDERING));
  }

  long next() {
    return ++last;
  }

  /** The number of the newest event. */
  long last() {
    return last;
  }

  /**
   * Notes the newest number in the batch that holds its event.
   *
   * @return whether the batch must be forced to disk before anybody sees its numbers
   */
  boolean note(ComposedBatch batch) {
    batch.put(Column.META, key.truncate(0).raw(Keys.LAST_ORDERING), value.truncate(0).i64(last));
    if (last <= reserved) {
      return false;
    }
    reserved = last + RESERVED;
    batch.put(
        Column.META, key.truncate(0).raw(Keys.RESERVED_ORDERING), value.truncate(0).i64(reserved));
    return true;
  }
}
