package io.mayfly.benchmarks.memory;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.process.LiveHeap;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the bytes of heap that one more key takes: live bytes before and after many creations,
 * divided by their number. Values are one byte, so what is counted is what Mayfly adds.
 */
public final class HeapPerKey {
  private static final long WARM_KEYS = 2_000;
  private static final int SETTLE_ROUNDS_MAX = 30;

  private final ServerOptions options;
  private final long keys;

  /** Counts over so many keys. */
  public HeapPerKey(ServerOptions options, long keys) {
    this.options = options;
    this.keys = keys;
  }

  /** Bytes per key whose actor stays in memory. */
  public double resident() throws IOException, InterruptedException {
    return perKey(List.of("mayfly.sharding.resident-entries-max=" + (keys + WARM_KEYS) * 2));
  }

  /** Bytes per key whose actor has left memory. */
  public double passivated() throws IOException, InterruptedException {
    return perKey(List.of("mayfly.sharding.resident-entries-max=1000"));
  }

  private double perKey(List<String> residency) throws IOException, InterruptedException {
    List<String> settings = new ArrayList<>(options.settings());
    settings.addAll(residency);
    try (ServerUnderTest server = ServerUnderTest.mayfly(options.jdk(), settings)) {
      create(server, 0, WARM_KEYS);
      long before = settled(server);
      create(server, WARM_KEYS, keys);
      return (settled(server) - before) / (double) keys;
    }
  }

  private static void create(ServerUnderTest server, long first, long count) throws IOException {
    LoadResult created =
        LoadGenerator.run(
            LoadPlan.of(
                server.address(),
                RequestTemplate.put("/v1/state/memory/k{key}?ttl=2h", "1"),
                number -> first + number,
                Pace.count(32, count)));
    if (created.errors() > 0) {
      throw new IllegalStateException("memory: " + created.errors() + " creations were refused");
    }
  }

  /** Live bytes once two looks in a row agree within one in a hundred. */
  private long settled(ServerUnderTest server) throws IOException, InterruptedException {
    long last = LiveHeap.bytes(options.jdk(), server);
    for (int i = 0; i < SETTLE_ROUNDS_MAX; i++) {
      server.pass(1_000);
      long now = LiveHeap.bytes(options.jdk(), server);
      if (Math.abs(now - last) * 100 < last) {
        return now;
      }
      last = now;
    }
    return last;
  }
}
