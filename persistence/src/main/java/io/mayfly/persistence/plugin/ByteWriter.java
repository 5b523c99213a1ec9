package io.mayfly.persistence.plugin;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Bytes that grow. Numbers are big-endian, so that bytes sort as the numbers do. */
public final class ByteWriter {
  private byte[] bytes;
  private int length;

  /** No bytes yet, and room for so many. */
  public ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** How many bytes were written. */
  public int length() {
    return length;
  }

  /** Forgets everything from this length on. */
  public ByteWriter truncate(int newLength) {
    length = newLength;
    return this;
  }

  /** The backing array; only the first {@link #length()} bytes count. */
  public byte[] array() {
    return bytes;
  }

  /** A copy of what was written. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** One byte. */
  public ByteWriter u8(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
    return this;
  }

  /** Four bytes. */
  public ByteWriter i32(int value) {
    ensure(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
    return this;
  }

  /** Eight bytes. */
  public ByteWriter i64(long value) {
    ensure(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
    return this;
  }

  /** Twelve bytes that sort as instants do. */
  public ByteWriter instant(Instant instant) {
    return i64(instant.getEpochSecond() ^ Long.MIN_VALUE).i32(instant.getNano());
  }

  /** A number that is mostly small: one byte for every seven bits. */
  public ByteWriter varint(int value) {
    ensure(5);
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  /** These bytes. */
  public ByteWriter raw(byte[] source) {
    return raw(source, source.length);
  }

  /** The first of these bytes. */
  public ByteWriter raw(byte[] source, int count) {
    ensure(count);
    System.arraycopy(source, 0, bytes, length, count);
    length += count;
    return this;
  }

  /** What another one has written. */
  public ByteWriter raw(ByteWriter source) {
    return raw(source.bytes, source.length);
  }

  /** The text's bytes and nothing more: for the last part of a key. */
  public ByteWriter text(String text) {
    int size = text.length();
    ensure(size);
    for (int i = 0; i < size; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        length -= i;
        return raw(text.getBytes(StandardCharsets.UTF_8));
      }
      bytes[length++] = (byte) c;
    }
    return this;
  }

  /** The text's length and bytes. */
  public ByteWriter sizedText(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return varint(encoded.length).raw(encoded);
      }
    }
    return varint(text.length()).text(text);
  }

  /**
   * The text and a terminator, for a part of a key that others follow. The terminator is 0; 0 and 1
   * inside the text become 1 1 and 1 2, so that the order of the texts' bytes is kept.
   */
  public ByteWriter part(String text) {
    int start = length;
    text(text);
    int end = length;
    for (int i = start; i < end; i++) {
      if (bytes[i] == 0 || bytes[i] == 1) {
        return escapeFrom(start);
      }
    }
    return u8(0);
  }

  private ByteWriter escapeFrom(int start) {
    byte[] plain = Arrays.copyOfRange(bytes, start, length);
    length = start;
    for (byte b : plain) {
      if (b == 0 || b == 1) {
        u8(1).u8(b + 1);
      } else {
        u8(b);
      }
    }
    return u8(0);
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
