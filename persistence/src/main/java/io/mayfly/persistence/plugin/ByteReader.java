package io.mayfly.persistence.plugin;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Reads what a {@link ByteWriter} wrote. */
public final class ByteReader {
  private final byte[] bytes;
  private int position;

  /** Reads from the first byte on. */
  public ByteReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Passes over so many bytes. */
  public ByteReader skip(int count) {
    position += count;
    return this;
  }

  /** One byte, 0 to 255. */
  public int u8() {
    return bytes[position++] & 0xff;
  }

  /** Four bytes. */
  public int i32() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | u8();
    }
    return value;
  }

  /** Eight bytes. */
  public long i64() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | u8();
    }
    return value;
  }

  /** What {@link ByteWriter#instant} wrote. */
  public Instant instant() {
    long seconds = i64() ^ Long.MIN_VALUE;
    return Instant.ofEpochSecond(seconds, i32());
  }

  /** What {@link ByteWriter#varint} wrote. */
  public int varint() {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      int b = u8();
      value |= (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
  }

  /** What {@link ByteWriter#sizedText} wrote. */
  public String sizedText() {
    int length = varint();
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  /** A length and so many bytes. */
  public byte[] sizedBytes() {
    int length = varint();
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }

  /** All bytes that are left. */
  public byte[] rest() {
    return Arrays.copyOfRange(bytes, position, bytes.length);
  }

  /** All that is left, as text. */
  public String restText() {
    return new String(bytes, position, bytes.length - position, StandardCharsets.UTF_8);
  }

  /** Reads a part that {@link ByteWriter#part} wrote of a text without escapes. */
  public String part() {
    int start = position;
    skipPart();
    return new String(bytes, start, position - 1 - start, StandardCharsets.UTF_8);
  }

  /** Skips a part that {@link ByteWriter#part} wrote. */
  public ByteReader skipPart() {
    while (bytes[position++] != 0) {
      // An escape never contains the terminator.
    }
    return this;
  }

  /** The number in the last eight bytes. */
  public static long lastI64(byte[] bytes) {
    return new ByteReader(bytes).skip(bytes.length - 8).i64();
  }
}
