package io.mayfly.cli.screen;

import java.util.Locale;

/** How far long work has come: one line on standard error, where somebody looks. */
public final class Progress implements AutoCloseable {
  private static final long TOLD_EVERY_NANOS = 200_000_000L;

  private final Screen screen;
  private final boolean shown;
  private final String what;
  private final long startNanos = System.nanoTime();
  private long toldNanos = startNanos;
  private long count;
  private long bytes;
  private boolean told;

  /**
   * Work whose pieces are called so: {@code entries exported}.
   *
   * @param prints whether the work prints to standard output: where that is a terminal too, what is
   *     printed tells enough
   */
  public Progress(Screen screen, String what, boolean prints) {
    this.screen = screen;
    this.shown = screen.attended() && !(prints && screen.width() > 0);
    this.what = what;
  }

  /** One more piece is done. */
  public void add(long pieceBytes) {
    count++;
    bytes += pieceBytes;
    long now = System.nanoTime();
    if (shown && now - toldNanos >= TOLD_EVERY_NANOS) {
      toldNanos = now;
      told = true;
      screen.err().print("\r\u001b[K" + text());
      screen.err().flush();
    }
  }

  /** How many pieces are done. */
  public long count() {
    return count;
  }

  /** Pieces, bytes and pieces a second. */
  public String text() {
    double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
    return String.format(
        Locale.ROOT, "%,d %s, %s, %,.0f/s", count, what, size(bytes), count / seconds);
  }

  private static String size(long bytes) {
    return bytes < 10_000
        ? bytes + " B"
        : bytes < 10_000_000
            ? String.format(Locale.ROOT, "%,.1f kB", bytes / 1e3)
            : String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (told) {
      screen.err().print("\r\u001b[K");
      screen.err().flush();
    }
  }
}
