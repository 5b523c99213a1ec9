package io.mayfly.benchmarks.cluster;

import io.mayfly.benchmarks.load.PlainConnection;
import io.mayfly.benchmarks.process.BareServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Asks one node after the other for keys, one request at a time. */
final class HopClient implements AutoCloseable {
  private static final int LOOKS = 25;

  private final List<PlainConnection> nodes = new ArrayList<>();
  private final SplittableRandom random;

  HopClient(List<InetSocketAddress> addresses, SplittableRandom random) throws IOException {
    this.random = random;
    for (InetSocketAddress address : addresses) {
      nodes.add(new PlainConnection(address));
    }
  }

  /** Writes a key through a node. */
  void put(int key, int node) throws IOException {
    nodes.get(node).send("PUT", target(key) + "?ttl=1h", BareServer.JSON_120);
  }

  private void get(int key, int node) throws IOException {
    nodes.get(node).send("GET", target(key), "");
  }

  private static String target(int key) {
    return "/v1/state/bench/hop-" + key;
  }

  /** The node that answers for a key soonest, by the median of some reads: the one that has it. */
  int owner(int key) throws IOException {
    long[][] nanos = new long[nodes.size()][LOOKS];
    for (int look = 0; look < LOOKS; look++) {
      for (int node = 0; node < nodes.size(); node++) {
        long startNanos = System.nanoTime();
        get(key, node);
        nanos[node][look] = System.nanoTime() - startNanos;
      }
    }
    int soonest = 0;
    for (int node = 0; node < nodes.size(); node++) {
      Arrays.sort(nanos[node]);
      soonest = nanos[node][LOOKS / 2] < nanos[soonest][LOOKS / 2] ? node : soonest;
    }
    return soonest;
  }

  /**
   * Uses keys until an instant: reads and writes, through their own nodes and through others, in
   * turns that chance decides.
   *
   * @param owners the node of each key
   */
  HopTimes use(int[] owners, long untilNanos) throws IOException {
    HopTimes times = new HopTimes();
    while (System.nanoTime() - untilNanos < 0) {
      int key = random.nextInt(owners.length);
      boolean own = random.nextBoolean();
      boolean write = random.nextBoolean();
      int others = nodes.size() - 1;
      int node = own ? owners[key] : (owners[key] + 1 + random.nextInt(others)) % nodes.size();
      long startNanos = System.nanoTime();
      if (write) {
        put(key, node);
      } else {
        get(key, node);
      }
      times.add(write, own, System.nanoTime() - startNanos);
    }
    return times;
  }

  @Override
  public void close() throws IOException {
    for (PlainConnection node : nodes) {
      node.close();
    }
  }
}
