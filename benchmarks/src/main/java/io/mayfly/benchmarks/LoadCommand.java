package io.mayfly.benchmarks;

import static java.util.stream.Collectors.joining;

import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.process.BareServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sends load to a server that runs already. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = "Load on a running server, closed loop or at a rate.")
public final class LoadCommand implements Callable<Integer> {
  @Option(names = "--url", required = true, description = "Such as http://127.0.0.1:8080.")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(names = "--target", defaultValue = "/v1/state/bench/cart-{key}?ttl=10m")
  private String target = "";

  @Option(names = "--put", description = "PUT a value of 120 bytes instead of GET.")
  private boolean put;

  @Option(
      names = "--header",
      paramLabel = "NAME:VALUE",
      description = "Header of each PUT; repeatable. {nonce} stands for one of its own.")
  private List<String> headers = List.of();

  @Option(names = "--keys", defaultValue = "10000", description = "Chosen from at random.")
  private long keys;

  @Option(names = "--rate", defaultValue = "0", description = "Per second; 0 for a closed loop.")
  private long rate;

  @Option(names = "--connections", defaultValue = "64")
  private int connections;

  @Option(names = "--warmup", defaultValue = "0", description = "Seconds before the measurement.")
  private long warmup;

  @Option(names = "--seconds", defaultValue = "10")
  private long seconds;

  @Override
  public Integer call() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    LoadResult result =
        LoadGenerator.run(
            LoadPlan.of(
                new InetSocketAddress(url.getHost(), url.getPort()),
                put
                    ? RequestTemplate.put(
                        target,
                        headers.stream().map(h -> h + "\r\n").collect(joining()),
                        BareServer.JSON_120)
                    : RequestTemplate.get(target),
                number -> random.nextLong(keys),
                new Pace(
                    connections,
                    rate,
                    Duration.ofSeconds(warmup),
                    Duration.ofSeconds(seconds),
                    Long.MAX_VALUE)));
    System.out.printf(
        "%,.0f requests/s, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, by status %s, broken %d;"
            + " accepted %,.0f/s, from sending p50 %.2f ms, p99 %.2f ms%n",
        result.perSecond(),
        result.latencyMillis(50),
        result.latencyMillis(99),
        result.latencyMillis(99.9),
        result.byStatus(),
        result.broken(),
        result.acceptedPerSecond(),
        result.acceptedMillis(50),
        result.acceptedMillis(99));
    return result.errors() == 0 ? 0 : 1;
  }
}
