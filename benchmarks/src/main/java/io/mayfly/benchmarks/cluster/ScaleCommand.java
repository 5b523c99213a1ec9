package io.mayfly.benchmarks.cluster;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.process.BareServer;
import io.mayfly.benchmarks.process.ClusterUnderTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * One node, then two, and so on, each time over a new database: how much they do, and for how much
 * processor time. Clients spread over the nodes and know nothing of where a key lives.
 */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    description = "Throughput and processor time of one node, of two, and so on.")
public final class ScaleCommand implements Callable<Integer> {
  private static final String TARGET = "/v1/state/bench/scale-{key}";
  private static final RequestTemplate GET = RequestTemplate.get(TARGET);
  private static final RequestTemplate PUT =
      RequestTemplate.put(TARGET + "?ttl=1h", BareServer.JSON_120);

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--nodes", defaultValue = "3", description = "Of the largest cluster.")
  private int nodes;

  @Option(names = "--keys", defaultValue = "10000", description = "Chosen from at random.")
  private long keys;

  @Option(names = "--connections", defaultValue = "64", description = "Spread over the nodes.")
  private int connections;

  @Option(names = "--warmup", defaultValue = "20", description = "Seconds before each measurement.")
  private long warmup;

  @Option(names = "--seconds", defaultValue = "10", description = "Measured time.")
  private long seconds;

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    System.out.println("nodes | operation | requests/s | p50 ms | p99 ms | CPU µs per request");
    long errors = 0;
    for (int size = 1; size <= nodes; size++) {
      try (ClusterUnderTest cluster =
          ClusterUnderTest.start(server.jdk(), size, server.settings())) {
        fill(cluster.addresses().get(0));
        errors += measure("PUT", PUT, cluster);
        errors += measure("GET", GET, cluster);
      }
    }
    return errors == 0 ? 0 : 1;
  }

  private void fill(InetSocketAddress node) throws IOException {
    LoadGenerator.run(LoadPlan.of(node, PUT, number -> number, Pace.count(connections, keys)));
  }

  /** Prints what one operation does on all nodes at once; returns how many had no 2xx answer. */
  private long measure(String name, RequestTemplate operation, ClusterUnderTest cluster)
      throws InterruptedException, ExecutionException {
    List<Callable<LoadResult>> generators = new ArrayList<>();
    for (InetSocketAddress node : cluster.addresses()) {
      LoadPlan plan = plan(node, operation, cluster);
      generators.add(() -> LoadGenerator.run(plan));
    }
    List<LoadResult> results = Together.run(generators);
    ScaleFigures figures = ScaleFigures.of(results);
    System.out.printf("%d | %s | %s%n", results.size(), name, figures.text());
    return figures.errors();
  }

  private LoadPlan plan(
      InetSocketAddress node, RequestTemplate operation, ClusterUnderTest cluster) {
    SplittableRandom random = new SplittableRandom(node.getPort());
    Pace pace =
        Pace.closed(
            Math.max(1, connections / cluster.addresses().size()),
            Duration.ofSeconds(warmup),
            Duration.ofSeconds(seconds));
    return new LoadPlan(
        node, operation, number -> random.nextLong(keys), number -> 0, pace, cluster::cpuNanos);
  }
}
