package io.mayfly.cli.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of bytes, of a bounded length each; empty ones are passed over. */
public final class Lines implements Items {
  private static final int BUFFER_BYTES = 65_536;

  private final InputStream in;
  private final int bytesMax;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int until;

  /** Lines of an input, which closes with them. */
  public Lines(InputStream in, int bytesMax) {
    this.in = in;
    this.bytesMax = bytesMax;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (fill()) {
      int end = from;
      while (end < until && buffer[end] != '\n') {
        end++;
      }
      line.write(buffer, from, end - from);
      if (line.size() > bytesMax) {
        throw new IllegalArgumentException("a line is longer than " + bytesMax + " bytes");
      }
      boolean whole = end < until;
      from = whole ? end + 1 : end;
      if (whole && !blank(line)) {
        return line.toByteArray();
      }
      if (whole) {
        line.reset();
      }
    }
    return blank(line) ? null : line.toByteArray();
  }

  private static boolean blank(ByteArrayOutputStream line) {
    return line.size() < 3 && line.toString(java.nio.charset.StandardCharsets.UTF_8).isBlank();
  }

  private boolean fill() throws IOException {
    if (from == until) {
      from = 0;
      until = Math.max(0, in.read(buffer));
    }
    return until > 0;
  }

  @Override
  public boolean ready() throws IOException {
    for (int i = from; i < until; i++) {
      if (buffer[i] == '\n') {
        return true;
      }
    }
    return in.available() > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
