package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.persistence.plugin.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

final class ComposedBatchTest {
  @TempDir private Path directory;
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();
  private RocksDB db;
  private int[] ids;

  @BeforeEach
  void open() throws RocksDBException {
    RocksDB.loadLibrary();
    List<ColumnFamilyDescriptor> columns = new ArrayList<>();
    for (Column column : Column.ALL) {
      columns.add(new ColumnFamilyDescriptor(column.nameBytes()));
    }
    try (DBOptions options =
        new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true)) {
      db = RocksDB.open(options, directory.toString(), columns, handles);
    }
    ids = handles.stream().mapToInt(ColumnFamilyHandle::getID).toArray();
  }

  @AfterEach
  void close() {
    handles.forEach(ColumnFamilyHandle::close);
    db.close();
  }

  @Test
  void composedBatch_ofRandomRecords_equalsRocksDbsOwn() throws RocksDBException {
    Random random = Seeds.random();
    for (int round = 0; round < 200; round++) {
      try (WriteBatch expected = new WriteBatch()) {
        ComposedBatch composed = new ComposedBatch(ids);
        fill(random, expected, composed);

        assertThat(composed.serialized()).isEqualTo(expected.data());
      }
    }
  }

  @Test
  void composedBatch_written_isReadBack() throws RocksDBException {
    ComposedBatch composed = new ComposedBatch(ids);
    composed.put(Column.EVENTS, bytes("a"), bytes("1"));
    composed.put(Column.EVENTS, bytes("b"), bytes("2"), "3".getBytes(StandardCharsets.UTF_8));
    composed.put(Column.META, bytes("c"), bytes("4"));
    composed.delete(Column.EVENTS, bytes("a"));
    composed.put(Column.TAGS, bytes("d"), bytes("5"));
    composed.put(Column.TAGS, bytes("e"), bytes("6"));
    composed.deleteRange(Column.TAGS, bytes("d"), bytes("e"));

    try (WriteBatch batch = new WriteBatch(composed.serialized());
        WriteOptions options = new WriteOptions()) {
      db.write(options, batch);
    }

    assertThat(db.get(handles.get(Column.EVENTS.index()), "a".getBytes(StandardCharsets.UTF_8)))
        .isNull();
    assertThat(db.get(handles.get(Column.EVENTS.index()), "b".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("23".getBytes(StandardCharsets.UTF_8));
    assertThat(db.get("c".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("4".getBytes(StandardCharsets.UTF_8));
    assertThat(db.get(handles.get(Column.TAGS.index()), "d".getBytes(StandardCharsets.UTF_8)))
        .isNull();
    assertThat(db.get(handles.get(Column.TAGS.index()), "e".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("6".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void composedBatch_resetToAMark_forgetsWhatCameAfter() {
    ComposedBatch composed = new ComposedBatch(ids);
    composed.put(Column.EVENTS, bytes("a"), bytes("1"));
    byte[] before = composed.serialized();
    ComposedBatch.Mark mark = composed.mark();
    composed.put(Column.WAKE, bytes("b"), bytes("2"));

    composed.resetTo(mark);

    assertThat(composed.serialized()).isEqualTo(before);
  }

  private void fill(Random random, WriteBatch expected, ComposedBatch composed)
      throws RocksDBException {
    for (int records = random.nextInt(50); records > 0; records--) {
      Column column = Column.ALL[random.nextInt(Column.ALL.length)];
      byte[] key = randomBytes(random, 300);
      byte[] value = randomBytes(random, random.nextInt(10) == 0 ? 40_000 : 200);
      ColumnFamilyHandle handle = handles.get(column.index());
      switch (random.nextInt(3)) {
        case 0 -> {
          expected.put(handle, key, value);
          composed.put(column, bytes(key), bytes(value));
        }
        case 1 -> {
          expected.delete(handle, key);
          composed.delete(column, bytes(key));
        }
        default -> {
          expected.deleteRange(handle, key, value);
          composed.deleteRange(column, bytes(key), bytes(value));
        }
      }
    }
  }

  private static byte[] randomBytes(Random random, int bound) {
    byte[] bytes = new byte[random.nextInt(bound)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static ByteWriter bytes(String text) {
    return new ByteWriter(8).text(text);
  }

  private static ByteWriter bytes(byte[] raw) {
    return new ByteWriter(8).raw(raw);
  }
}
