package io.mayfly.http.value;

import java.io.OutputStream;
import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/** Bytes that grow, and are handed over without a copy. */
public final class Bytes extends OutputStream {
  private byte[] buffer;
  private int size;

  /** An empty one with room for so many bytes. */
  public Bytes(int capacity) {
    buffer = new byte[capacity];
  }

  @Override
  public void write(int b) {
    ensure(1);
    buffer[size++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    ensure(length);
    System.arraycopy(bytes, from, buffer, size, length);
    size += length;
  }

  private void ensure(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
    }
  }

  /** How many bytes were written. */
  public int size() {
    return size;
  }

  /** An array of exactly the bytes written. */
  public byte[] toArray() {
    return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
  }

  /** The bytes themselves: nothing may be written afterwards. */
  public ByteString toByteString() {
    return ByteString.fromArrayUnsafe(buffer, 0, size);
  }
}
