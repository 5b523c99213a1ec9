package io.mayfly.benchmarks.lease;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.load.PlainConnection;
import io.mayfly.benchmarks.process.BareServer;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Pairs of acquire and release of locks that nobody else wants, beside journaled PUTs from the same
 * clients to the same server, in turns.
 */
@Command(
    name = "leases",
    mixinStandardHelpOptions = true,
    description = "Uncontended acquire and release beside a journaled PUT, same server, in turns.")
public final class LeasePairs implements Callable<Integer> {
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--seconds", defaultValue = "5", description = "Measured time of each turn.")
  private long seconds;

  @Option(names = "--connections", defaultValue = "32", description = "One thread each.")
  private int connections;

  @Option(names = "--repetitions", defaultValue = "2", description = "Turns after a warm-up.")
  private int repetitions;

  /** What one client does once. */
  @FunctionalInterface
  private interface Work {
    void once(PlainConnection connection, int client) throws IOException;
  }

  @Override
  public Integer call() throws Exception {
    try (ServerUnderTest subject = ServerUnderTest.mayfly(server.jdk(), server.settings())) {
      double puts = 0;
      double pairs = 0;
      for (int i = 0; i <= repetitions; i++) {
        double put = perSecond(subject.address(), LeasePairs::put);
        double pair = perSecond(subject.address(), LeasePairs::pair);
        puts += i == 0 ? 0 : put / repetitions;
        pairs += i == 0 ? 0 : pair / repetitions;
      }
      System.out.printf(
          "PUT journaled %,.0f/s, acquire + release %,.0f pairs/s, ratio %.2f%n",
          puts, pairs, pairs / puts);
    }
    return 0;
  }

  private double perSecond(InetSocketAddress address, Work work)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    long startNanos = System.nanoTime();
    long endNanos = startNanos + Duration.ofSeconds(seconds).toNanos();
    List<Future<Long>> counts = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      int client = i;
      counts.add(threads.submit(() -> repeat(address, client, endNanos, work)));
    }
    long sum = 0;
    for (Future<Long> count : counts) {
      sum += count.get();
    }
    double elapsedSeconds = (System.nanoTime() - startNanos) / 1e9;
    threads.shutdown();
    return sum / elapsedSeconds;
  }

  private static long repeat(InetSocketAddress address, int client, long endNanos, Work work)
      throws IOException {
    long count = 0;
    try (PlainConnection connection = new PlainConnection(address)) {
      while (System.nanoTime() - endNanos < 0) {
        work.once(connection, client);
        count++;
      }
    }
    return count;
  }

  private static void put(PlainConnection connection, int client) throws IOException {
    String answer =
        connection.send("PUT", "/v1/state/bench/cart-" + client + "?ttl=1h", BareServer.JSON_120);
    requireAnswer(answer);
  }

  private static void pair(PlainConnection connection, int client) throws IOException {
    String path = "/v1/leases/bench/lock-" + client;
    String lease =
        connection.send("POST", path + "/acquire", "{\"holder\":\"bench\",\"ttl\":\"1m\"}");
    int from = lease.indexOf("\"leaseId\":\"") + "\"leaseId\":\"".length();
    String leaseId = lease.substring(from, lease.indexOf('"', from));
    String released =
        connection.send("POST", path + "/release", "{\"leaseId\":\"" + leaseId + "\"}");
    if (!released.isEmpty()) {
      throw new IOException("a release has no body");
    }
  }

  private static void requireAnswer(String answer) throws IOException {
    if (answer.isEmpty()) {
      throw new IOException("a receipt is expected");
    }
  }
}
