package io.mayfly.persistence.rocksdb;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * All columns as they stood at one moment. It keeps no deleted key from leaving the files: unlike a
 * snapshot of RocksDB, iterators hold back no compaction, only the removal of the files that it
 * replaced. To be held for milliseconds.
 */
final class View implements AutoCloseable {
  private final List<RocksIterator> rows;

  View(RocksDB db, List<ColumnFamilyHandle> handles, ReadOptions options) throws RocksDBException {
    rows = db.newIterators(handles, options);
  }

  /** The rows of a column. Where it points is up to the last user. */
  RocksIterator rows(Column column) {
    return rows.get(column.index());
  }

  /** The value under a key; absent when there is none. */
  byte @Nullable [] get(Column column, byte[] key) {
    RocksIterator iterator = rows(column);
    iterator.seek(key);
    return iterator.isValid() && Arrays.equals(iterator.key(), key) ? iterator.value() : null;
  }

  /**
   * The value under a key that likely follows the last one that was asked for, as in two walks in
   * the same order; then this is a step and no search.
   */
  byte @Nullable [] getNext(Column column, byte[] key) {
    RocksIterator iterator = rows(column);
    if (iterator.isValid()) {
      iterator.next();
      if (iterator.isValid() && Arrays.equals(iterator.key(), key)) {
        return iterator.value();
      }
    }
    return get(column, key);
  }

  /** Fails when a read did. */
  void check() throws RocksDBException {
    for (RocksIterator iterator : rows) {
      iterator.status();
    }
  }

  @Override
  public void close() {
    rows.forEach(RocksIterator::close);
  }
}
