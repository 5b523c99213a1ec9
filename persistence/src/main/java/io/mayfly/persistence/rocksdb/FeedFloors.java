package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;
import java.util.HashMap;
import java.util.Map;

/**
 * Up to where the feed of each tag tells nothing any more. What is raised counts at once, and is
 * stored with the batch that takes the events away. Confined to the journal's thread.
 */
final class FeedFloors {
  private final Database database;
  private final ByteWriter key = new ByteWriter(64);
  private final ByteWriter value = new ByteWriter(Long.BYTES);
  private final Map<String, Long> raised = new HashMap<>();

  FeedFloors(Database database) {
    this.database = database;
  }

  /** The highest ordering that a tag's feed has forgotten, or 0. */
  long of(String tag) {
    return Math.max(raised.getOrDefault(tag, 0L), stored(tag));
  }

  private long stored(String tag) {
    return Math.max(0, database.number(Column.META, Keys.feedFloor(key, tag)));
  }

  /** The feed of a tag forgets everything up to an ordering. */
  void raise(String tag, long ordering) {
    raised.merge(tag, ordering, Math::max);
  }

  /** Adds what was raised to the batch, and forgets it. */
  void write(ComposedBatch batch) {
    raised.forEach(
        (tag, ordering) -> {
          if (ordering > stored(tag)) {
            batch.put(Column.META, Keys.feedFloor(key, tag), value.truncate(0).i64(ordering));
          }
        });
    raised.clear();
  }
}
