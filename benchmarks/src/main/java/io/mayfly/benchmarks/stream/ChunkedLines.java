package io.mayfly.benchmarks.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines of an answer that comes in chunks (RFC 9112, 7.1). */
final class ChunkedLines {
  private static final int HEX = 16;

  private final InputStream in;
  private final Taker taker;
  private byte[] line = new byte[1 << 12];
  private int length;

  /** Takes one line. */
  @FunctionalInterface
  interface Taker {
    void take(byte[] line, int length) throws IOException;
  }

  private ChunkedLines(InputStream in, Taker taker) {
    this.in = in;
    this.taker = taker;
  }

  /** Reads a whole answer; fails unless its status is 200. */
  static void read(InputStream in, Taker taker) throws IOException {
    new ChunkedLines(in, taker).read();
  }

  private void read() throws IOException {
    String status = headerLine();
    while (!headerLine().isEmpty()) {
      // The other headers say nothing that a line depends on.
    }
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException(status);
    }
    for (int left = chunkSize(); left > 0; left = chunkSize()) {
      for (; left > 0; left--) {
        take(next());
      }
      headerLine();
    }
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(headerLine(), HEX);
  }

  private void take(int b) throws IOException {
    if (b == '\n') {
      taker.take(line, length);
      length = 0;
      return;
    }
    if (length == line.length) {
      line = Arrays.copyOf(line, 2 * length);
    }
    line[length++] = (byte) b;
  }

  private String headerLine() throws IOException {
    byte[] text = new byte[1 << 10];
    int size = 0;
    for (int b = next(); b != '\n'; b = next()) {
      text[size++] = (byte) b;
    }
    return new String(text, 0, Math.max(0, size - 1), StandardCharsets.ISO_8859_1);
  }

  private int next() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the answer ends too early");
    }
    return b;
  }
}
