package io.mayfly.benchmarks.watch;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.process.LiveHeap;
import io.mayfly.benchmarks.process.ServerUnderTest;
import io.mayfly.benchmarks.process.TemporaryDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Watchers of one namespace that changes, while they are cut off at random and the server is killed
 * and started again, beside some that take nothing; then the memory of watchers that see nothing.
 * Exits with 1 when any watcher missed an event or got one twice.
 */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = "Many watchers, cut off at random, over a kill of the server.")
public final class WatchCommand implements Callable<Integer> {
  private static final String NAMESPACE = "busy";
  private static final int KEYS = 1_000;
  private static final int WRITERS = 8;
  private static final long SETTLE_NANOS = 15_000_000_000L;
  private static final long IDLE_WARMUP_MILLIS = 30_000;
  private static final long STEP_NANOS = 10_000_000;
  private static final long SECOND_NANOS = 1_000_000_000;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--watchers", defaultValue = "200")
  private int watchers;

  @Option(names = "--rate", defaultValue = "2000", description = "Mutations per second.")
  private long rate;

  @Option(names = "--cuts", defaultValue = "20", description = "Disconnects per second.")
  private int cuts;

  @Option(names = "--slow", defaultValue = "1", description = "Watchers that take nothing.")
  private int slow;

  @Option(names = "--seconds", defaultValue = "60", description = "The server dies half-way.")
  private long seconds;

  @Option(names = "--idle", defaultValue = "5000", description = "Watchers that see nothing.")
  private int idle;

  private final AtomicReference<@Nullable InetSocketAddress> address = new AtomicReference<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean complete = busy();
    if (idle > 0) {
      measureIdle();
    }
    return complete ? 0 : 1;
  }

  private boolean busy() throws IOException, InterruptedException {
    Acknowledged acknowledged = new Acknowledged(KEYS);
    AtomicLong written = new AtomicLong();
    List<Witness> witnesses = new ArrayList<>();
    List<Writer> writers = new ArrayList<>();
    List<EventStream> unread = new ArrayList<>();
    try (TemporaryDirectory directory = TemporaryDirectory.create("mayfly-bench-watch")) {
      Path data = directory.path().resolve("data");
      try (ServerUnderTest first = started(data)) {
        for (int i = 0; i < watchers; i++) {
          witnesses.add(new Witness(address::get, "/v1/watch/" + NAMESPACE, KEYS, acknowledged));
        }
        witnesses.forEach(witness -> start("witness", witness));
        while (!witnesses.stream().allMatch(Witness::ready)) {
          first.pass(100);
        }
        open(first, unread, "/v1/watch/" + NAMESPACE + "?values=true", slow);
        for (int i = 0; i < WRITERS; i++) {
          writers.add(writer(i, acknowledged, written));
        }
        writers.forEach(writer -> start("writer", writer));
        first.pass(seconds * 100);
        witnesses.forEach(witness -> witness.measure(true));
        disturb(witnesses, seconds / 2);
        witnesses.forEach(witness -> witness.measure(false));
        address.set(null);
      }
      try (ServerUnderTest second = started(data)) {
        open(second, unread, "/v1/watch/" + NAMESPACE + "?values=true", slow);
        disturb(witnesses, 5);
        witnesses.forEach(witness -> witness.measure(true));
        disturb(witnesses, seconds / 2 - 5);
        writers.forEach(Writer::end);
        boolean complete = settled(witnesses);
        report(witnesses, written.get(), complete);
        System.out.printf("server: %.1f s of processor time%n", second.cpuNanos() / 1e9);
        for (Witness witness : witnesses) {
          witness.end();
        }
        return complete && witnesses.stream().allMatch(w -> w.gaps() + w.doubles() == 0);
      }
    } finally {
      close(unread);
    }
  }

  private ServerUnderTest started(Path data) throws IOException, InterruptedException {
    ServerUnderTest running = ServerUnderTest.mayflyOn(data, server.jdk(), server.settings());
    address.set(running.address());
    return running;
  }

  private Writer writer(int index, Acknowledged acknowledged, AtomicLong written) {
    int share = KEYS / WRITERS;
    return new Writer(
        address::get,
        "/v1/state/" + NAMESPACE,
        index * share,
        share,
        WRITERS * SECOND_NANOS / rate,
        acknowledged,
        written);
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Lets time pass, and cuts watchers off meanwhile. */
  private void disturb(List<Witness> witnesses, long forSeconds) throws IOException {
    SplittableRandom random = new SplittableRandom(new Random().nextLong());
    long startNanos = System.nanoTime();
    for (long i = 1; i <= forSeconds * cuts; i++) {
      long due = startNanos + i * SECOND_NANOS / cuts;
      LockSupport.parkNanos(due - System.nanoTime());
      witnesses.get(random.nextInt(witnesses.size())).cut();
    }
    LockSupport.parkNanos(startNanos + forSeconds * SECOND_NANOS - System.nanoTime());
  }

  private static boolean settled(List<Witness> witnesses) {
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < SETTLE_NANOS) {
      if (witnesses.stream().allMatch(witness -> witness.missing() == 0)) {
        return true;
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
    return false;
  }

  private void report(List<Witness> witnesses, long written, boolean complete) {
    Histogram latency = new Histogram(60_000_000, 3);
    witnesses.forEach(witness -> latency.add(witness.latency()));
    System.out.printf(
        "%d watchers, %,d mutations acknowledged, %,d events taken, %s%n",
        watchers,
        written,
        witnesses.stream().mapToLong(Witness::events).sum(),
        complete ? "all complete" : "NOT ALL COMPLETE");
    System.out.printf(
        "  gaps %d, doubles %d; after the acknowledgement: p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
        witnesses.stream().mapToLong(Witness::gaps).sum(),
        witnesses.stream().mapToLong(Witness::doubles).sum(),
        latency.getValueAtPercentile(50) / 1e3,
        latency.getValueAtPercentile(99) / 1e3,
        latency.getMaxValue() / 1e3);
  }

  private void measureIdle() throws IOException, InterruptedException {
    List<EventStream> streams = new ArrayList<>();
    try (ServerUnderTest running = ServerUnderTest.mayfly(server.jdk(), server.settings())) {
      // What the first ones load stays out of the figure.
      open(running, streams, "/v1/watch/quiet", 50);
      long before = LiveHeap.bytes(server.jdk(), running);
      open(running, streams, "/v1/watch/quiet", idle);
      long bytes = LiveHeap.bytes(server.jdk(), running) - before;
      running.pass(IDLE_WARMUP_MILLIS);
      long startNanos = running.cpuNanos();
      running.pass(10_000);
      System.out.printf(
          "%,d idle watchers: %,d B of heap each, %.1f %% of a core%n",
          idle, bytes / idle, (running.cpuNanos() - startNanos) / 1e8);
    } finally {
      close(streams);
    }
  }

  private static void open(
      ServerUnderTest running, List<EventStream> streams, String target, int count)
      throws IOException {
    for (int i = 0; i < count; i++) {
      streams.add(new EventStream(running.address(), target, ""));
    }
  }

  private static void close(List<EventStream> streams) throws IOException {
    for (EventStream stream : streams) {
      stream.close();
    }
  }
}
