package io.mayfly.cli.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** Documents that come one by one: lines of JSON, or the items of an array. */
public interface Items extends AutoCloseable {
  /** The longest line that is read, as the server's own bound on a line of a batch is 1 MiB. */
  int LINE_BYTES_MAX = 4 * 1024 * 1024;

  /**
   * The next document; null after the last one.
   *
   * @throws IOException when the input cannot be read
   * @throws IllegalArgumentException when no document can be made out any more
   */
  byte @org.jspecify.annotations.Nullable [] next() throws IOException;

  /** Whether the next document can be read without waiting for it, as far as can be told. */
  boolean ready() throws IOException;

  @Override
  void close() throws IOException;

  /** Reads lines, or an array where the input begins like one. */
  static Items of(InputStream in) throws IOException {
    PushbackInputStream input = new PushbackInputStream(in);
    int first = input.read();
    while (first == ' ' || first == '\n' || first == '\r' || first == '\t') {
      first = input.read();
    }
    if (first >= 0) {
      input.unread(first);
    }
    return first == '[' ? new ArrayItems(input) : new Lines(input, LINE_BYTES_MAX);
  }
}
