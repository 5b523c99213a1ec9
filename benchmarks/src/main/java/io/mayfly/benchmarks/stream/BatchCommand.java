package io.mayfly.benchmarks.stream;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.process.BareServer;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Operations per second of one batch over one connection, and the server's memory meanwhile. */
@Command(
    name = "batch",
    mixinStandardHelpOptions = true,
    description = "Puts of one batch over one connection: rate, CPU, and memory meanwhile.")
public final class BatchCommand implements Callable<Integer> {
  private static final byte[] ACCEPTED = "\"status\":2".getBytes(StandardCharsets.ISO_8859_1);
  private static final int STATUS_PLACE = 40;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--operations", defaultValue = "500000", description = "Measured, per batch.")
  private long operations;

  @Option(names = "--warmup", defaultValue = "300000", description = "Operations before them.")
  private long warmup;

  @Option(names = "--keys", defaultValue = "10000", description = "Written in turn.")
  private long keys;

  @Option(
      names = "--durability",
      split = ",",
      defaultValue = "volatile,journaled",
      description = "One batch each (default: ${DEFAULT-VALUE}).")
  private List<String> durabilities = List.of();

  @Option(names = "--memory", description = "Tell the memory at each quarter; slows it a little.")
  private boolean memory;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long refused = 0;
    for (String durability : durabilities) {
      refused += measure(durability);
    }
    return refused == 0 ? 0 : 1;
  }

  private long measure(String durability) throws IOException, InterruptedException {
    List<String> settings = new ArrayList<>(server.settings());
    settings.add("mayfly.contract.default.durability=" + durability);
    try (ServerUnderTest subject = ServerUnderTest.mayfly(server.jdk(), settings)) {
      long refused = run(subject, warmup, false);
      if (memory) {
        Footprint.of(server.jdk(), subject).print("before");
      }
      long cpu = subject.cpuNanos();
      long start = System.nanoTime();
      refused += run(subject, operations, memory);
      double seconds = (System.nanoTime() - start) / 1e9;
      cpu = subject.cpuNanos() - cpu;
      if (memory) {
        Footprint.of(server.jdk(), subject).print("after");
      }
      System.out.printf(
          Locale.ROOT,
          "batch put %-10s %,10.0f operations/s, %.1f us of server CPU each, %d refused%n",
          durability,
          operations / seconds,
          cpu / 1e3 / operations,
          refused);
      return refused;
    }
  }

  /** Sends so many operations and reads their answers; how many were not accepted. */
  private long run(ServerUnderTest subject, long count, boolean follow)
      throws IOException, InterruptedException {
    AtomicLong accepted = new AtomicLong();
    LineExchange exchange = new LineExchange("/v1/batch", count, this::put);
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(
            () -> {
              try {
                exchange.run(
                    subject.address(),
                    (index, line, length) -> {
                      if (accepted(line, length)) {
                        accepted.incrementAndGet();
                      }
                    });
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            task -> new Thread(task).start());
    if (follow) {
      Footprint.follow(server.jdk(), subject, running, count, exchange::answered);
    }
    running.join();
    if (follow) {
      System.out.printf(
          Locale.ROOT, "  at most %,d operations unanswered at once%n", exchange.unansweredMax());
    }
    return count - accepted.get();
  }

  private void put(long index, StringBuilder to) {
    to.append("{\"op\":\"put\",\"namespace\":\"bench\",\"key\":\"cart-").append(index % keys);
    to.append("\",\"ttl\":\"1h\",\"value\":").append(BareServer.JSON_120).append('}');
  }

  private static boolean accepted(byte[] line, int length) {
    int last = Math.min(length, STATUS_PLACE) - ACCEPTED.length;
    for (int i = 0; i <= last; i++) {
      if (Arrays.equals(line, i, i + ACCEPTED.length, ACCEPTED, 0, ACCEPTED.length)) {
        return true;
      }
    }
    return false;
  }
}
