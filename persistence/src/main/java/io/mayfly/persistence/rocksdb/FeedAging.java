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
   * Takes rows out of the feed. Runs on the journal's thread, in turn with the writes. What was
   * found still holds but for ids whose events were deleted since; only those are searched for
   * again, which keeps the writes waiting.
   *
   * @param found what the last search found
   */
  void forget(List<Old> found) {
    if (found.isEmpty()) {
      return;
    }
    ComposedBatch batch = database.newBatch();
    forgetRows(batch, found);
    forgetEvents(batch, found);
    store.deletions().clear();
    batch.oweErasure(store.erasure().nextOwed());
    store.write(batch);
    store.erasure().request();
  }

  /** Found rows of a tag have no others between them. */
  private void forgetRows(ComposedBatch batch, List<Old> found) {
    FeedFloors floors = new FeedFloors(database);
    ByteWriter from = new ByteWriter(64);
    ByteWriter end = new ByteWriter(64);
    for (int i = 0, next; i < found.size(); i = next) {
      Row first = found.get(i).row();
      next = i + 1;
      while (next < found.size() && found.get(next).row().tag().equals(first.tag())) {
        next++;
      }
      long last = found.get(next - 1).row().ordering();
      batch.deleteRange(
          Column.TAGS,
          Keys.numbered(from, first.tag(), first.ordering()),
          Keys.numbered(end, first.tag(), last + 1));
      floors.raise(first.tag(), last);
    }
    floors.write(batch);
  }

  private void forgetEvents(ComposedBatch batch, List<Old> found) {
    Heads heads = new Heads(database);
    ByteWriter key = new ByteWriter(128);
    for (Old old : found) {
      Row row = old.row();
      if (store.deletions().mayConcern(row.id())
          ? stands(row) && needless(heads, row)
          : old.needless()) {
        batch.delete(Column.EVENTS, Keys.numbered(key, row.id(), row.sequenceNr()));
      }
    }
  }

  /** Whether the event of a row is the one under its number: a purged key may have begun anew. */
  private boolean stands(Row row) {
    return database.get(Column.TAGS, Keys.numbered(row.tag(), row.ordering())) != null;
  }
}
