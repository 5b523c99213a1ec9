package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with our columns. Every call is safe from any thread, also while and after another closes
 * it: native memory is never used after it was freed.
 */
final class Database {
  /** Says whether to go on after a row. */
  @FunctionalInterface
  interface RowVisitor {
    boolean row(byte[] key, byte[] value);
  }

  private final Path path;
  private final RocksDB db;
  private final ColumnFamilyHandle[] handles;
  private final int[] columnIds;
  private final NativeResources resources;
  private final WriteOptions writeOptions;
  private final ReadOptions readOptions;
  private final TouchedRanges deleted = new TouchedRanges();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private Database(
      Path path, RocksDB db, List<ColumnFamilyHandle> handles, NativeResources resources) {
    this.path = path;
    this.db = db;
    this.handles = handles.toArray(ColumnFamilyHandle[]::new);
    this.columnIds = handles.stream().mapToInt(ColumnFamilyHandle::getID).toArray();
    this.resources = resources;
    this.writeOptions = resources.add(new WriteOptions());
    this.readOptions = resources.add(new ReadOptions());
  }

  static Database open(Path path, StoreSettings settings) {
    RocksDB.loadLibrary();
    NativeResources resources = new NativeResources();
    try {
      DBOptions options = RocksOptions.database(settings, resources);
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      RocksDB db =
          RocksDB.open(
              options, path.toString(), RocksOptions.columns(settings, resources), handles);
      resources.add(db);
      handles.forEach(resources::add);
      return new Database(path, db, handles, resources);
    } catch (RocksDBException e) {
      resources.close();
      throw StoreFailures.of(path, e);
    }
  }

  /** An empty batch for this database. */
  ComposedBatch newBatch() {
    return new ComposedBatch(columnIds);
  }

  /** The ranges of the keys that were deleted and not yet erased. */
  TouchedRanges deleted() {
    return deleted;
  }

  /** Writes a batch in one step. */
  void write(ComposedBatch composed) {
    Map<Column, TouchedRanges.Range> ranges = composed.deleted().take();
    // Before: an erasure that finds the batch in the store covers its ranges too.
    deleted.addAll(ranges);
    access(
        () -> {
          try (WriteBatch batch = new WriteBatch(composed.serialized())) {
            db.write(writeOptions, batch);
          }
          return true;
        });
    // And after: an erasure that took the ranges before the write missed what they cover.
    deleted.addAll(ranges);
  }

  void sync() {
    access(
        () -> {
          db.syncWal();
          return true;
        });
  }

  /** Reads every block that is on disk. */
  void verify() {
    access(
        () -> {
          db.verifyChecksum();
          return true;
        });
  }

  byte @Nullable [] get(Column column, byte[] key) {
    lock.readLock().lock();
    try {
      requireOpen();
      return db.get(handles[column.index()], readOptions, key);
    } catch (RocksDBException e) {
      throw StoreFailures.of(path, e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The number that stands under a key, or -1. */
  long number(Column column, ByteWriter key) {
    byte[] value = new byte[8];
    int found =
        access(
            () ->
                db.get(
                    handles[column.index()],
                    readOptions,
                    key.array(),
                    0,
                    key.length(),
                    value,
                    0,
                    value.length));
    return found == RocksDB.NOT_FOUND ? -1 : ByteReader.lastI64(value);
  }

  long number(Column column, byte[] key) {
    return number(column, new ByteWriter(key.length).raw(key));
  }

  /** Visits rows in ascending order, from a key (inclusive) to a key (exclusive). */
  void scan(Column column, byte[] from, byte[] end, RowVisitor visitor) {
    access(
        () -> {
          try (Slice bound = new Slice(end);
              ReadOptions options = new ReadOptions().setIterateUpperBound(bound);
              RocksIterator rows = db.newIterator(handles[column.index()], options)) {
            rows.seek(from);
            while (rows.isValid() && visitor.row(rows.key(), rows.value())) {
              rows.next();
            }
            rows.status();
          }
          return true;
        });
  }

  /** Visits rows in descending order, from below a key (exclusive) down to a key (inclusive). */
  void scanDown(Column column, byte[] below, byte[] downTo, RowVisitor visitor) {
    access(
        () -> {
          try (Slice upper = new Slice(below);
              Slice lower = new Slice(downTo);
              ReadOptions options =
                  new ReadOptions().setIterateUpperBound(upper).setIterateLowerBound(lower);
              RocksIterator rows = db.newIterator(handles[column.index()], options)) {
            rows.seekToLast();
            while (rows.isValid() && visitor.row(rows.key(), rows.value())) {
              rows.prev();
            }
            rows.status();
          }
          return true;
        });
  }

  /** Looks at all columns as they stand at this moment. */
  <T> T look(Function<View, T> looking) {
    return access(
        () -> {
          try (View view = new View(db, List.of(handles), readOptions)) {
            T seen = looking.apply(view);
            view.check();
            return seen;
          }
        });
  }

  /** Moves everything from memory to files, after which the write-ahead log is dropped. */
  void flush() {
    access(
        () -> {
          try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options, List.of(handles));
          }
          return true;
        });
  }

  /** Rewrites the files of a range, so that what was deleted leaves them. */
  void compact(Column column, TouchedRanges.Range range) {
    compact(column, range.low(), range.high());
  }

  private void compact(Column column, byte @Nullable [] low, byte @Nullable [] high) {
    access(
        () -> {
          try (CompactRangeOptions options =
              new CompactRangeOptions()
                  .setExclusiveManualCompaction(false)
                  .setBottommostLevelCompaction(
                      CompactRangeOptions.BottommostLevelCompaction.kForceOptimized)) {
            db.compactRange(handles[column.index()], low, high, options);
          }
          return true;
        });
  }

  /** Rewrites all files of a column, so that what was ever deleted leaves them. */
  void compact(Column column) {
    compact(column, null, null);
  }

  /** Breaks compactions off, so that closing need not wait for them. No write may follow. */
  void stopBackgroundWork() {
    access(
        () -> {
          db.cancelAllBackgroundWork(false);
          return true;
        });
  }

  /** Closes it after the calls that are under way; returns whether it was open. */
  boolean close(boolean sync) {
    lock.writeLock().lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      try {
        if (sync) {
          db.syncWal();
        }
      } finally {
        resources.close();
      }
      return true;
    } catch (RocksDBException e) {
      throw StoreFailures.of(path, e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  @FunctionalInterface
  private interface Access<T> {
    T run() throws RocksDBException;
  }

  private <T> T access(Access<T> access) {
    lock.readLock().lock();
    try {
      requireOpen();
      return access.run();
    } catch (RocksDBException e) {
      throw StoreFailures.of(path, e);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw StoreFailures.closed(path);
    }
  }
}
