package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Per column, the range of the keys that were deleted. Safe for use by several threads. */
final class TouchedRanges {
  /** The lowest and the highest key. */
  static final class Range {
    private final byte[] low;
    private final byte[] high;

    Range(byte[] low, byte[] high) {
      this.low = low;
      this.high = high;
    }

    byte[] low() {
      return low;
    }

    byte[] high() {
      return high;
    }
  }

  private final Map<Column, Range> ranges = new EnumMap<>(Column.class);

  synchronized void add(Column column, ByteWriter key) {
    Range range = ranges.get(column);
    if (range == null) {
      byte[] only = key.toBytes();
      ranges.put(column, new Range(only, only));
    } else if (compare(key, range.low()) < 0) {
      ranges.put(column, new Range(key.toBytes(), range.high()));
    } else if (compare(key, range.high()) > 0) {
      ranges.put(column, new Range(range.low(), key.toBytes()));
    }
  }

  /** The ranges since the last call. */
  synchronized Map<Column, Range> take() {
    Map<Column, Range> taken = new EnumMap<>(ranges);
    ranges.clear();
    return taken;
  }

  synchronized void clear() {
    ranges.clear();
  }

  synchronized boolean isEmpty() {
    return ranges.isEmpty();
  }

  synchronized void addAll(Map<Column, Range> others) {
    others.forEach(
        (column, range) -> {
          add(column, new ByteWriter(range.low().length).raw(range.low()));
          add(column, new ByteWriter(range.high().length).raw(range.high()));
        });
  }

  private static int compare(ByteWriter key, byte[] other) {
    return Arrays.compareUnsigned(key.array(), 0, key.length(), other, 0, other.length);
  }
}
