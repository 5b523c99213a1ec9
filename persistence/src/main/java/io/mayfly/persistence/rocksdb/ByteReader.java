package io.mayfly.persistence.rocksdb;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Reads what a {@link ByteWriter} wrote. */
final class ByteReader {
  private final byte[] bytes;
  private int position;

  ByteReader(byte[] bytes) {
    this.bytes = bytes;
  }

  ByteReader skip(int count) {
    position += count;
    return this;
  }

  int u8() {
    return bytes[position++] & 0xff;
  }

  int i32() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | u8();
    }
    return value;
  }

  long i64() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | u8();
    }
    return value;
  }

  Instant instant() {
    long seconds = i64() ^ Long.MIN_VALUE;
    return Instant.ofEpochSecond(seconds, i32());
  }

  int varint() {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      int b = u8();
      value |= (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
  }

  String sizedText() {
    int length = varint();
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  byte[] sizedBytes() {
    int length = varint();
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }

  byte[] rest() {
    return Arrays.copyOfRange(bytes, position, bytes.length);
  }

  String restText() {
    return new String(bytes, position, bytes.length - position, StandardCharsets.UTF_8);
  }

  /** Reads a part that {@link ByteWriter#part} wrote of a text without escapes. */
  String part() {
    int start = position;
    skipPart();
    return new String(bytes, start, position - 1 - start, StandardCharsets.UTF_8);
  }

  /** Skips a part that {@link ByteWriter#part} wrote. */
  ByteReader skipPart() {
    while (bytes[position++] != 0) {
      // An escape never contains the terminator.
    }
    return this;
  }

  /** The number in the last eight bytes. */
  static long lastI64(byte[] bytes) {
    return new ByteReader(bytes).skip(bytes.length - 8).i64();
  }
}
