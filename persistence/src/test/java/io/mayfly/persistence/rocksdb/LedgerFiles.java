package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** The ledger's rows as they are stored: shown, and damaged. */
final class LedgerFiles {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] END = {-1, -1, -1, -1, -1, -1, -1, -1};

  private final Database database;

  LedgerFiles(RocksStore store) {
    this.database = store.database();
  }

  /** Every row of every column of the ledger, in hexadecimal. */
  Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    for (Column column : ExpectedRows.LEDGER) {
      database.scan(
          column,
          new byte[0],
          END,
          (key, value) -> {
            rows.put(column + " " + HEX.formatHex(key), HEX.formatHex(value));
            return true;
          });
    }
    return rows;
  }

  List<byte[]> keys(Column column) {
    List<byte[]> keys = new ArrayList<>();
    database.scan(column, new byte[0], END, (key, value) -> keys.add(key));
    return keys;
  }

  byte[] get(Column column, byte[] key) {
    return Objects.requireNonNull(database.get(column, key));
  }

  void put(Column column, byte[] key, byte[] value) {
    ComposedBatch batch = database.newBatch();
    batch.put(column, bytes(key), bytes(value));
    database.write(batch);
  }

  void delete(Column column, byte[] key) {
    ComposedBatch batch = database.newBatch();
    batch.delete(column, bytes(key));
    database.write(batch);
  }

  /** Loses, doubles or spoils one row at random. */
  void damage(Random random) {
    Column column = ExpectedRows.LEDGER.get(random.nextInt(ExpectedRows.LEDGER.size()));
    List<byte[]> keys = keys(column);
    if (keys.isEmpty()) {
      return;
    }
    byte[] key = keys.get(random.nextInt(keys.size()));
    byte[] value = database.get(column, key);
    if (value == null) {
      // A writer was faster.
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> delete(column, key);
      case 1 -> put(column, flipped(key, random), value);
      case 2 -> {
        if (value.length > 0) {
          put(column, key, flipped(value, random));
        }
      }
      default -> {
        delete(column, key);
        put(column, flipped(key, random), value);
      }
    }
  }

  private static byte[] flipped(byte[] bytes, Random random) {
    byte[] result = bytes.clone();
    result[random.nextInt(result.length)] ^= (byte) (1 << random.nextInt(8));
    return result;
  }

  private static ByteWriter bytes(byte[] source) {
    return new ByteWriter(source.length + 1).raw(source);
  }
}
