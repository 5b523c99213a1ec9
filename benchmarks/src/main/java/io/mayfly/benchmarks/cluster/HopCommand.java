package io.mayfly.benchmarks.cluster;

import io.mayfly.benchmarks.ServerOptions;
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

/** What the hop to another node costs: keys of a warm cluster through their own and other nodes. */
@Command(
    name = "hop",
    mixinStandardHelpOptions = true,
    description = "Latency through a key's own node beside that through another, in turns.")
public final class HopCommand implements Callable<Integer> {
  private static final int WARMING = 16;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--nodes", defaultValue = "3", description = "Two at least.")
  private int nodes;

  @Option(names = "--keys", defaultValue = "60")
  private int keys;

  @Option(names = "--clients", defaultValue = "1", description = "Each has one request under way.")
  private int clients;

  @Option(names = "--warmup", defaultValue = "20", description = "Seconds of load before.")
  private long warmup;

  @Option(names = "--seconds", defaultValue = "10", description = "Measured time.")
  private long seconds;

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    try (ClusterUnderTest cluster =
        ClusterUnderTest.start(server.jdk(), nodes, server.settings())) {
      try (HopClient filling = new HopClient(cluster.addresses(), new SplittableRandom(0))) {
        for (int key = 0; key < keys; key++) {
          filling.put(key, key % nodes);
        }
      }
      use(cluster.addresses(), new int[keys], WARMING, warmup);
      System.out.println(use(cluster.addresses(), owners(cluster), clients, seconds).text());
    }
    return 0;
  }

  /** The node of each key. */
  private int[] owners(ClusterUnderTest cluster) throws IOException {
    int[] owners = new int[keys];
    try (HopClient asking = new HopClient(cluster.addresses(), new SplittableRandom(0))) {
      for (int key = 0; key < keys; key++) {
        owners[key] = asking.owner(key);
      }
    }
    return owners;
  }

  private static HopTimes use(
      List<InetSocketAddress> addresses, int[] owners, int clients, long forSeconds)
      throws InterruptedException, ExecutionException {
    long untilNanos = System.nanoTime() + Duration.ofSeconds(forSeconds).toNanos();
    List<Callable<HopTimes>> using = new ArrayList<>();
    for (int i = 1; i <= clients; i++) {
      SplittableRandom random = new SplittableRandom(i);
      using.add(
          () -> {
            try (HopClient client = new HopClient(addresses, random)) {
              return client.use(owners, untilNanos);
            }
          });
    }
    HopTimes times = new HopTimes();
    Together.run(using).forEach(times::add);
    return times;
  }
}
