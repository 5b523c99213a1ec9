package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;

/**
 * A RocksDB write batch, composed in Java in its serialized form, so that a group of writes crosses
 * into native code once.
 *
 * <p>The form (RocksDB, {@code write_batch.cc}): a sequence number of eight bytes, which RocksDB
 * fills in, a count of four bytes in little-endian order, then per record a tag, the column
 * family's number unless it is the default one, and the key and the value behind their lengths.
 */
final class ComposedBatch {
  private static final int HEADER_BYTES = 12;
  private static final int DELETION = 0x0;
  private static final int VALUE = 0x1;
  private static final int COLUMN_DELETION = 0x4;
  private static final int COLUMN_VALUE = 0x5;
  private static final int COLUMN_RANGE_DELETION = 0xe;
  private static final int RANGE_DELETION = 0xf;

  private final int[] columnIds;
  private final TouchedRanges deleted = new TouchedRanges();
  private final ByteWriter owedKey = new ByteWriter(1).raw(Keys.OWED);
  private final ByteWriter owedValue = new ByteWriter(8);
  private final ByteWriter bytes = new ByteWriter(64 * 1024);
  private int count;

  /** A state to go back to. */
  record Mark(int length, int count) {}

  ComposedBatch(int[] columnIds) {
    this.columnIds = columnIds;
    clear();
  }

  void put(Column column, ByteWriter key, ByteWriter value) {
    begin(column, VALUE, COLUMN_VALUE, key);
    bytes.varint(value.length()).raw(value);
  }

  /** Puts a value that consists of a head and a body. */
  void put(Column column, ByteWriter key, ByteWriter head, byte[] body) {
    begin(column, VALUE, COLUMN_VALUE, key);
    bytes.varint(head.length() + body.length).raw(head).raw(body);
  }

  void delete(Column column, ByteWriter key) {
    begin(column, DELETION, COLUMN_DELETION, key);
    deleted.add(column, key);
  }

  /** Deletes whatever stands from a key (inclusive) to a key (exclusive). */
  void deleteRange(Column column, ByteWriter from, ByteWriter end) {
    begin(column, RANGE_DELETION, COLUMN_RANGE_DELETION, from);
    bytes.varint(end.length()).raw(end);
    deleted.add(column, from);
    deleted.add(column, end);
  }

  /** Notes in the store that what the batch deletes must leave the files, also after a restart. */
  void oweErasure(long number) {
    put(Column.META, owedKey, owedValue.truncate(0).i64(number));
  }

  Mark mark() {
    return new Mark(bytes.length(), count);
  }

  void resetTo(Mark mark) {
    bytes.truncate(mark.length());
    count = mark.count();
  }

  int length() {
    return bytes.length();
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** The serialized batch. */
  byte[] serialized() {
    byte[] result = bytes.toBytes();
    for (int i = 0; i < 4; i++) {
      result[8 + i] = (byte) (count >>> (8 * i));
    }
    return result;
  }

  /** The ranges of the keys that the batch deletes. */
  TouchedRanges deleted() {
    return deleted;
  }

  void clear() {
    count = 0;
    deleted.clear();
    bytes.truncate(0);
    for (int i = 0; i < HEADER_BYTES; i++) {
      bytes.u8(0);
    }
  }

  private void begin(Column column, int defaultTag, int columnTag, ByteWriter key) {
    int id = columnIds[column.index()];
    if (id == 0) {
      bytes.u8(defaultTag);
    } else {
      bytes.u8(columnTag).varint(id);
    }
    bytes.varint(key.length()).raw(key);
    count++;
  }
}
