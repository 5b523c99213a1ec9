package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.persistence.plugin.EventCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
   * A row that has grown old.
   *
   * @param needless whether its key needs the event no more for a recovery, as long as the row
   *     stands
   */
  record Old(Row row, boolean needless) {}

  /**
   * Finds rows that are older than an instant, or too far behind the newest event, in their order.
   *
   * @param after where the last search of the same pass ended, before which only the traces of what
   *     was forgotten lie; absent for the first
   * @param limit the most rows
   */
  List<Old> find(@Nullable Row after, long oldestMillis, long lowestOrdering, int limit) {
    return database.look(view -> find(view, after, oldestMillis, lowestOrdering, limit));
  }

  private List<Old> find(
      View view, @Nullable Row after, long oldestMillis, long lowestOrdering, int limit) {
    List<Old> found = new ArrayList<>();
    Heads heads = new Heads(database);
    RocksIterator rows = view.rows(Column.TAGS);
    if (after == null) {
      rows.seekToFirst();
    } else {
      rows.seek(Keys.numbered(after.tag(), after.ordering() + 1));
    }
    while (rows.isValid() && found.size() < limit) {
      Row row = row(rows.key(), rows.value());
      if (row.ordering() < lowestOrdering || isOlder(view, row, oldestMillis)) {
        found.add(new Old(row, needless(heads, row)));
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

  private static boolean needless(Heads heads, Row row) {
    return row.sequenceNr() <= heads.deleted(row.id());
  }

  /**
   * Takes rows out of the feed. Runs on the journal's thread, in turn with the writes: what was
   * found is held against what stands now in one walk, since a search for each would keep the
   * writes waiting.
   *
   * @param found in their order
   */
  void forget(List<Old> found) {
    ComposedBatch batch = database.newBatch();
    FeedFloors floors = new FeedFloors(database);
    Heads heads = new Heads(database);
    ByteWriter key = new ByteWriter(128);
    for (Old old : standing(found)) {
      Row row = old.row();
      floors.raise(row.tag(), row.ordering());
      batch.delete(Column.TAGS, Keys.numbered(key, row.tag(), row.ordering()));
      if (old.needless() || needless(heads, row)) {
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

  /** Those whose row still stands: a key that was purged meanwhile may have begun anew. */
  private List<Old> standing(List<Old> found) {
    return database.look(
        view ->
            found.stream()
                .filter(
                    old ->
                        view.getNext(
                                Column.TAGS, Keys.numbered(old.row().tag(), old.row().ordering()))
                            != null)
                .toList());
  }
}
