package io.mayfly.benchmarks.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A client that lost every other copy reconciles all of them in one request, and checks each
 * verdict and each entry that comes back. Exits with 1 when one is wrong.
 */
@Command(
    name = "reconcile",
    mixinStandardHelpOptions = true,
    description = "A client that lost half its copies gets them back in one streamed request.")
public final class ReconcileCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--entries", defaultValue = "50000", description = "How many there are.")
  private int entries;

  @Option(names = "--value-bytes", defaultValue = "1000", description = "Size of each value.")
  private int valueBytes;

  @Option(names = "--repetitions", defaultValue = "2", description = "The first warms up.")
  private int repetitions;

  private long[] incarnations = {};
  private long matches;
  private long recovered;
  private long wrong;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (ServerUnderTest subject = ServerUnderTest.mayfly(server.jdk(), server.settings())) {
      fill(subject);
      for (int i = 0; i < repetitions; i++) {
        reconcile(subject);
      }
    }
    return wrong == 0 ? 0 : 1;
  }

  private void fill(ServerUnderTest subject) throws IOException {
    incarnations = new long[entries];
    new LineExchange("/v1/batch", entries, this::put)
        .run(
            subject.address(),
            (index, line, length) ->
                incarnations[(int) index] =
                    JSON.readTree(line, 0, length).at("/receipt/incarnation").asLong());
  }

  private void put(long index, StringBuilder to) {
    to.append("{\"op\":\"put\",\"namespace\":\"copies\",\"key\":\"").append(key(index));
    to.append("\",\"ttl\":\"2h\",\"value\":\"").append(value(index)).append("\"}");
  }

  private static String key(long index) {
    return "k" + index;
  }

  private String value(long index) {
    String number = Long.toString(index);
    return number + "v".repeat(Math.max(0, valueBytes - number.length()));
  }

  private static boolean lost(long index) {
    return index % 2 == 1;
  }

  /** Of a copy that it lost, the client knows that there was one. */
  private void belief(long index, StringBuilder to) {
    long incarnation = lost(index) ? 1 : incarnations[(int) index];
    to.append("{\"key\":\"").append(key(index)).append("\",\"incarnation\":").append(incarnation);
    to.append(",\"revision\":1}");
  }

  private void check(long index, byte[] line, int length) throws IOException {
    JsonNode answer = JSON.readTree(line, 0, length);
    boolean right = answer.path("key").asText().equals(key(index));
    if (lost(index)) {
      JsonNode entry = answer.path("entry");
      right &=
          answer.path("verdict").asText().equals("stale")
              && entry.path("incarnation").asLong() == incarnations[(int) index]
              && entry.path("value").asText().equals(value(index));
      recovered += right ? 1 : 0;
    } else {
      right &= answer.path("verdict").asText().equals("match") && !answer.has("entry");
      matches += right ? 1 : 0;
    }
    wrong += right ? 0 : 1;
  }

  private void reconcile(ServerUnderTest subject) throws IOException, InterruptedException {
    matches = 0;
    recovered = 0;
    Footprint.of(server.jdk(), subject).print("before");
    LineExchange exchange = new LineExchange("/v1/reconcile/copies", entries, this::belief);
    long start = System.nanoTime();
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(
            () -> {
              try {
                exchange.run(subject.address(), this::check);
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            task -> new Thread(task).start());
    Footprint.follow(server.jdk(), subject, running, entries, exchange::answered);
    running.join();
    double seconds = (System.nanoTime() - start) / 1e9;
    Footprint.of(server.jdk(), subject).print("after");
    System.out.printf(
        Locale.ROOT,
        "reconcile %,d entries of %,d bytes in %.1f s: %,d match, %,d came back, %,d wrong;"
            + " at most %,d beliefs unanswered at once%n",
        entries,
        valueBytes,
        seconds,
        matches,
        recovered,
        wrong,
        exchange.unansweredMax());
  }
}
