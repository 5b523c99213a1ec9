package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.persistence.plugin.EventCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksIterator;

/**
 * Lets the feed forget what has grown old. An event leaves the store with its row in the feed when
 * its key needs it no more for a recovery; else it stays until it does.
 */
final class FeedAging {
  private final RocksStore store;
  private final Database database;

  FeedAging(RocksStore store) {
    this.store = store;
    this.database = store.database();
  }

  /** A row of the feed. */
  record Row(String tag, long ordering, String id, long sequenceNr) {}

  /**
   * Finds rows that are older than an instant, or too far behind the newest event.
   *
   * @param limit the most rows
   */
  List<Row> find(long oldestMillis, long lowestOrdering, int limit) {
    return database.look(view -> find(view, oldestMillis, lowestOrdering, limit));
  }

  private static List<Row> find(View view, long oldestMillis, long lowestOrdering, int limit) {
    List<Row> found = new ArrayList<>();
    RocksIterator rows = view.rows(Column.TAGS);
    rows.seekToFirst();
    while (rows.isValid() && found.size() < limit) {
      Row row = row(rows.key(), rows.value());
      if (row.ordering() < lowestOrdering || isOlder(view, row, oldestMillis)) {
        found.add(row);
        rows.next();
      } else {
        rows.seek(Keys.numberedEnd(row.tag()));
      }
    }
    return found;
  }

  static Row row(byte[] key, byte[] value) {
    return new Row(
        new ByteReader(key).part(),
        ByteReader.lastI64(key),
        new String(value, Long.BYTES, value.length - Long.BYTES, StandardCharsets.UTF_8),
        new ByteReader(value).i64());
  }

  private static boolean isOlder(View view, Row row, long oldestMillis) {
    byte[] event = view.get(Column.EVENTS, Keys.numbered(row.id(), row.sequenceNr()));
    return event == null || EventCodec.timestamp(event) < oldestMillis;
  }

  /** Takes rows out of the feed. Runs on the journal's thread, in turn with the writes. */
  void forget(List<Row> rows) {
    ComposedBatch batch = database.newBatch();
    FeedFloors floors = new FeedFloors(database);
    ByteWriter key = new ByteWriter(128);
    for (Row row : rows) {
      if (database.get(Column.TAGS, Keys.numbered(row.tag(), row.ordering())) == null) {
        continue;
      }
      floors.raise(row.tag(), row.ordering());
      batch.delete(Column.TAGS, Keys.numbered(key, row.tag(), row.ordering()));
      if (row.sequenceNr() <= database.number(Column.HEADS, Keys.deletedHead(key, row.id()))) {
        batch.delete(Column.EVENTS, Keys.numbered(key, row.id(), row.sequenceNr()));
      }
    }
    if (!batch.isEmpty()) {
      floors.write(batch);
      batch.oweErasure(store.erasure().nextOwed());
      store.write(batch);
      store.erasure().request();
    }
  }
}
