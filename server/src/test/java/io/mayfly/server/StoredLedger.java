package io.mayfly.server;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The ledger's rows in the files of a node that is down. */
final class StoredLedger {
  private StoredLedger() {}

  /**
   * Of every so many rows of each column one is lost, one is moved to another key, and one has a
   * second under another key.
   *
   * @return how many repairs that takes
   */
  static long damage(Path database, int every) {
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (Options options = new Options();
        DBOptions dbOptions = new DBOptions()) {
      List<ColumnFamilyDescriptor> columns =
          RocksDB.listColumnFamilies(options, database.toString()).stream()
              .map(ColumnFamilyDescriptor::new)
              .toList();
      try (RocksDB db = RocksDB.open(dbOptions, database.toString(), columns, handles)) {
        long repairs = 0;
        for (int i = 0; i < columns.size(); i++) {
          String name = new String(columns.get(i).getName(), StandardCharsets.UTF_8);
          if (List.of("listing", "expiry", "wake").contains(name)) {
            repairs += damage(db, handles.get(i), every);
          }
        }
        handles.forEach(ColumnFamilyHandle::close);
        return repairs;
      }
    } catch (RocksDBException e) {
      throw new AssertionError(e);
    }
  }

  private static long damage(RocksDB db, ColumnFamilyHandle column, int every)
      throws RocksDBException {
    List<byte[]> keys = new ArrayList<>();
    try (RocksIterator rows = db.newIterator(column)) {
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        keys.add(rows.key());
      }
    }
    long repairs = 0;
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = keys.get(i);
      byte[] value = db.get(column, key);
      switch (i % every) {
        case 0 -> {
          db.delete(column, key);
          repairs++;
        }
        case 2 -> {
          db.delete(column, key);
          db.put(column, other(key), value);
          repairs += 2;
        }
        case 4 -> {
          db.put(column, other(key), value);
          repairs++;
        }
        default -> {}
      }
    }
    return repairs;
  }

  /** Another key of a name that no entry has. */
  private static byte[] other(byte[] key) {
    byte[] other = Arrays.copyOf(key, key.length + 1);
    other[key.length] = '~';
    return other;
  }
}
