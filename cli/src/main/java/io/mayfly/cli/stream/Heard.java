package io.mayfly.cli.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * An input from which something is heard now and then, be it a sign of life; it is closed when
 * nothing is. A network that went away without a word is noticed so.
 */
final class Heard extends FilterInputStream {
  /** Three times what the server lets pass without a word. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(45);

  private static final int LOOKS = 10;

  private final ScheduledExecutorService watch;
  private volatile long heardNanos = System.nanoTime();

  Heard(InputStream in) {
    this(in, SILENCE_MAX);
  }

  Heard(InputStream in, Duration silenceMax) {
    super(in);
    watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "silence");
              thread.setDaemon(true);
              return thread;
            });
    long everyNanos = silenceMax.toNanos() / LOOKS;
    var unused =
        watch.scheduleWithFixedDelay(
            () -> look(silenceMax), everyNanos, everyNanos, TimeUnit.NANOSECONDS);
  }

  private void look(Duration silenceMax) {
    if (System.nanoTime() - heardNanos > silenceMax.toNanos()) {
      try {
        close();
      } catch (IOException e) {
        // It is as good as closed.
      }
    }
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    int read = super.read(target, from, length);
    heardNanos = System.nanoTime();
    return read;
  }

  @Override
  public void close() throws IOException {
    watch.shutdownNow();
    super.close();
  }
}
