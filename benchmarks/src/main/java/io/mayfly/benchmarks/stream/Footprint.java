package io.mayfly.benchmarks.stream;

import io.mayfly.benchmarks.process.Jdk;
import io.mayfly.benchmarks.process.LiveHeap;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * The memory of a server, and of this process as its client, at one moment.
 *
 * @param rssBytes of the server's process
 * @param liveBytes of live objects in its heap, after a full collection
 * @param clientBytes of live objects in this process's heap, after a full collection
 */
record Footprint(long rssBytes, long liveBytes, long clientBytes) {
  private static final int PARTS = 4;
  private static final long POLL_MILLIS = 20;

  static Footprint of(Jdk jdk, ServerUnderTest server) throws IOException, InterruptedException {
    long live = LiveHeap.bytes(jdk, server);
    return new Footprint(server.residentBytes(), live, ownLiveBytes());
  }

  private static long ownLiveBytes() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  /** Prints the footprint each time a quarter of the work is done, until it is over. */
  static void follow(
      Jdk jdk, ServerUnderTest server, Future<?> work, long total, LongSupplier progress)
      throws IOException, InterruptedException {
    for (int part = 1; part < PARTS && !work.isDone(); part++) {
      while (progress.getAsLong() < total * part / PARTS && !work.isDone()) {
        server.pass(POLL_MILLIS);
      }
      of(jdk, server).print("after " + 100 * part / PARTS + " %");
    }
  }

  void print(String when) {
    System.out.printf(
        Locale.ROOT,
        "  %-12s server: RSS %,6d MiB, live heap %,6.1f MiB; client: live heap %,6.1f MiB%n",
        when,
        rssBytes >> 20,
        liveBytes / 1048576.0,
        clientBytes / 1048576.0);
  }
}
