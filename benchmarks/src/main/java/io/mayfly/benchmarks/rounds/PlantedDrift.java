package io.mayfly.benchmarks.rounds;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Damages the ledger in the files of a server that is down. */
final class PlantedDrift {
  private static final Set<String> LEDGER = Set.of("listing", "expiry", "wake");

  private PlantedDrift() {}

  /**
   * Of every {@code every} rows of each column, one is lost, moved to another key, or doubled under
   * another key, in turn.
   *
   * @return how many repairs that takes
   */
  static long plant(Path database, int every) {
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
          if (LEDGER.contains(name)) {
            repairs += plant(db, handles.get(i), every);
          }
        }
        handles.forEach(ColumnFamilyHandle::close);
        return repairs;
      }
    } catch (RocksDBException e) {
      throw new IllegalStateException("cannot damage " + database, e);
    }
  }

  private static long plant(RocksDB db, ColumnFamilyHandle column, int every)
      throws RocksDBException {
    List<byte[]> chosen = new ArrayList<>();
    try (RocksIterator rows = db.newIterator(column)) {
      long number = 0;
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        if (number++ % every == 0) {
          chosen.add(rows.key());
        }
      }
    }
    long repairs = 0;
    for (int i = 0; i < chosen.size(); i++) {
      byte[] key = chosen.get(i);
      boolean lost = i % 3 < 2;
      boolean added = i % 3 > 0;
      if (added) {
        byte[] other = Arrays.copyOf(key, key.length + 1);
        other[key.length] = '~';
        db.put(column, other, db.get(column, key));
      }
      if (lost) {
        db.delete(column, key);
      }
      repairs += (lost ? 1 : 0) + (added ? 1 : 0);
    }
    return repairs;
  }
}
