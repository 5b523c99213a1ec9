package io.mayfly.benchmarks.watch;

import io.mayfly.benchmarks.load.PlainConnection;
import io.mayfly.benchmarks.process.BareServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Changes keys of its own, one after the other, at a pace. */
final class Writer implements Runnable {
  private static final String REVISION = "\"revision\":";
  private static final long RETRY_NANOS = 50_000_000;

  private final Supplier<@Nullable InetSocketAddress> server;
  private final String path;
  private final int firstKey;
  private final int keys;
  private final long gapNanos;
  private final Acknowledged acknowledged;
  private final AtomicLong written;
  private volatile boolean over;

  Writer(
      Supplier<@Nullable InetSocketAddress> server,
      String path,
      int firstKey,
      int keys,
      long gapNanos,
      Acknowledged acknowledged,
      AtomicLong written) {
    this.server = server;
    this.path = path;
    this.firstKey = firstKey;
    this.keys = keys;
    this.gapNanos = gapNanos;
    this.acknowledged = acknowledged;
    this.written = written;
  }

  @Override
  public void run() {
    while (!over) {
      InetSocketAddress address = server.get();
      if (address == null) {
        LockSupport.parkNanos(RETRY_NANOS);
        continue;
      }
      try (PlainConnection connection = new PlainConnection(address)) {
        write(connection);
      } catch (IOException e) {
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private void write(PlainConnection connection) throws IOException {
    long next = System.nanoTime();
    for (int i = 0; !over; i++) {
      int key = firstKey + i % keys;
      String receipt = connection.send("PUT", path + "/k" + key + "?ttl=1h", BareServer.JSON_120);
      acknowledged.note(key, revision(receipt));
      written.incrementAndGet();
      next += gapNanos;
      LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
    }
  }

  private static long revision(String receipt) {
    int from = receipt.indexOf(REVISION) + REVISION.length();
    int to = from;
    while (Character.isDigit(receipt.charAt(to))) {
      to++;
    }
    return Long.parseLong(receipt.substring(from, to));
  }

  void end() {
    over = true;
  }
}
