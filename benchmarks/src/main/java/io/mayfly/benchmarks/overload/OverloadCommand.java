package io.mayfly.benchmarks.overload;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.process.BareServer;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Asks a server for more than it can do. Exits with 1 when an answer was neither 2xx nor a typed
 * refusal.
 */
@Command(
    name = "overload",
    mixinStandardHelpOptions = true,
    description = "Five times the peak over many connections, a hot key, slow connections.")
public final class OverloadCommand implements Callable<Integer> {
  private static final String ANY = "/v1/state/bench/cart-{key}?ttl=1h";
  private static final int HOT_CONNECTIONS = 400;
  private static final int HOT_PART = 15;
  private static final int WARMUP_SECONDS = 4;
  private static final int KEYS = 10_000;
  private static final Set<Integer> EXPECTED = Set.of(200, 201, 429, 503);

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--seconds", defaultValue = "10", description = "Measured time per load.")
  private long seconds;

  @Option(names = "--warmup", defaultValue = "10", description = "Seconds before all.")
  private long warmup;

  @Option(names = "--connections", defaultValue = "2000", description = "Under overload.")
  private int connections;

  @Option(names = "--slow", defaultValue = "10000", description = "Slow connections.")
  private int slow;

  @Option(
      names = "--minutes",
      defaultValue = "0",
      description = "Overload for so long, and what comes after it, in place of all else.")
  private long minutes;

  @Option(names = "--only-flood", description = "Without the hot key and the slow connections.")
  private boolean onlyFlood;

  private boolean typed = true;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (ServerUnderTest running = ServerUnderTest.mayfly(server.jdk(), server.settings())) {
      LoadResult warm = closed(running, 64, warmup);
      print("(warm-up, 64 connections)", warm);
      print("64 connections", closed(running, 64, seconds));
      LoadResult peak = closed(running, 256, seconds);
      print("256 connections: the peak", peak);
      print("half the peak, 64 connections", open(running, ANY, 64, half(peak)));
      long rate = Math.round(5 * peak.acceptedPerSecond());
      if (minutes > 0) {
        last(running, rate);
        return typed ? 0 : 1;
      }
      print("5 x peak, " + connections + " connections", open(running, ANY, connections, rate));
      print("256 connections, after it", closed(running, 256, seconds));
      if (!onlyFlood) {
        hotKey(running, Math.round(peak.acceptedPerSecond() / HOT_PART));
        slow(running);
      }
    }
    return typed ? 0 : 1;
  }

  private static long half(LoadResult peak) {
    return Math.round(peak.acceptedPerSecond() / 2);
  }

  /** The flood for minutes, with the server's memory beside each part, and the time after it. */
  private void last(ServerUnderTest running, long rate) throws IOException {
    long parts = Math.max(1, minutes * 60 / (seconds + WARMUP_SECONDS));
    for (long part = 0; part < parts; part++) {
      print("5 x peak, " + running.memory(), open(running, ANY, connections, rate));
    }
    for (int second = 1; second <= 10; second++) {
      String what = "half the peak, second " + second + " after it";
      print(what, run(running, ANY, Pace.open(64, Math.max(1, rate / 10), Duration.ofSeconds(1))));
    }
    print("256 connections, after it; " + running.memory(), closed(running, 256, seconds));
  }

  /** The same load beside the other keys twice: over many keys, and on one. */
  private void hotKey(ServerUnderTest running, long rate) throws IOException {
    beside(running, rate, "/v1/state/bench/more-{key}?ttl=1h", "80 % over many keys");
    beside(running, rate, "/v1/state/bench/hot?ttl=1h", "80 % on one key");
  }

  private void beside(ServerUnderTest running, long rate, String target, String what)
      throws IOException {
    CompletableFuture<LoadResult> most =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return open(running, target, HOT_CONNECTIONS, 4 * rate);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            task -> new Thread(task, "hot").start());
    LoadResult others = open(running, ANY, 64, rate);
    print(what, most.join());
    print("the other keys beside it", others);
  }

  private void slow(ServerUnderTest running) throws IOException {
    print("64 connections", closed(running, 64, seconds));
    try (SlowConnections others = new SlowConnections(running.address(), slow)) {
      print("64 connections, beside " + slow + " slow ones", closed(running, 64, seconds));
      System.out.printf("slow connections broken: %d%n", others.broken());
    }
  }

  private LoadResult closed(ServerUnderTest running, int number, long measured) throws IOException {
    return run(
        running, ANY, Pace.closed(number, Duration.ofSeconds(1), Duration.ofSeconds(measured)));
  }

  private LoadResult open(ServerUnderTest running, String target, int number, long rate)
      throws IOException {
    return run(
        running,
        target,
        new Pace(
            number,
            rate,
            Duration.ofSeconds(WARMUP_SECONDS),
            Duration.ofSeconds(seconds),
            Long.MAX_VALUE));
  }

  private static LoadResult run(ServerUnderTest running, String target, Pace pace)
      throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    return LoadGenerator.run(
        LoadPlan.of(
            running.address(),
            RequestTemplate.put(target, BareServer.JSON_120),
            number -> random.nextLong(KEYS),
            pace));
  }

  private void print(String what, LoadResult load) {
    typed &= EXPECTED.containsAll(load.byStatus().keySet()) && load.broken() == 0;
    System.out.printf(
        "%-44s accepted %,9.0f/s  p50 %6.2f  p99 %7.2f  p99.9 %7.2f ms  %s broken %d%n",
        what,
        load.acceptedPerSecond(),
        load.acceptedMillis(50),
        load.acceptedMillis(99),
        load.acceptedMillis(99.9),
        load.byStatus(),
        load.broken());
  }
}
