package io.mayfly.benchmarks.rounds;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.lateness.StateClient;
import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.process.BareServer;
import io.mayfly.benchmarks.process.ServerUnderTest;
import io.mayfly.benchmarks.process.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures rounds over the ledger. Exits with 1 when a round did not repair exactly what was
 * planted.
 */
@Command(
    name = "rounds",
    mixinStandardHelpOptions = true,
    description = "Rounds over a damaged ledger: what they find, how long they take, their cost.")
public final class RoundsCommand implements Callable<Integer> {
  private static final int CONNECTIONS = 16;
  private static final long POLL_MILLIS = 100;
  private static final String LEDGER = "/ledger";

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--keys", defaultValue = "100000", description = "Keys in the store.")
  private long keys;

  @Option(names = "--every", defaultValue = "100", description = "One row of so many is damaged.")
  private int every;

  @Option(names = "--rate", defaultValue = "2000", description = "Mutations a second beside it.")
  private long rate;

  @Option(names = "--seconds", defaultValue = "10", description = "Measured time per load.")
  private long seconds;

  @Option(names = "--pause", defaultValue = "25", description = "Seconds between two rounds.")
  private long pause;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (TemporaryDirectory directory = TemporaryDirectory.create("mayfly-bench-rounds")) {
      Path data = directory.path().resolve("data");
      fill(data);
      long planted = PlantedDrift.plant(data.resolve("db"), every);
      System.out.printf("%,d keys, %,d differences planted%n", keys, planted);
      List<String> settings = new ArrayList<>(server.settings());
      settings.add("mayfly.ledger.round.interval=" + pause + "s");
      try (ServerUnderTest running = ServerUnderTest.mayflyOn(data, server.jdk(), settings)) {
        return measure(running, new StateClient(running.uri()), planted) ? 0 : 1;
      }
    }
  }

  private void fill(Path data) throws IOException, InterruptedException {
    try (ServerUnderTest running =
        ServerUnderTest.mayflyOn(data, server.jdk(), server.settings())) {
      LoadResult writes =
          LoadGenerator.run(
              LoadPlan.of(
                  running.address(),
                  RequestTemplate.put("/v1/state/stock/k{key}?ttl=2h", BareServer.JSON_120),
                  number -> number,
                  Pace.count(64, keys)));
      if (writes.errors() > 0) {
        throw new IllegalStateException(writes.errors() + " keys were not written");
      }
      running.stop();
    }
  }

  private boolean measure(ServerUnderTest running, StateClient client, long planted)
      throws IOException, InterruptedException {
    print("first round, beside", load(running));
    JsonNode first = await(running, client, ledger -> ledger.at("/rounds").asLong() == 1);
    printRound(first);
    boolean exact = first.at("/last/repairs").asLong() == planted;
    System.out.println(exact ? "  repaired exactly what was planted" : "  NOT WHAT WAS PLANTED");

    await(running, client, ledger -> ledger.at("/running").asBoolean());
    long startNanos = running.cpuNanos();
    JsonNode second = await(running, client, ledger -> ledger.at("/rounds").asLong() == 2);
    double usedSeconds = (running.cpuNanos() - startNanos) / 1e9;
    printRound(second);
    System.out.printf(
        "  the server's processor time meanwhile: %.2f s, %.1f %% of a core%n",
        usedSeconds, 100_000 * usedSeconds / second.at("/last/durationMs").asDouble());

    print("without a round, under", load(running));
    await(running, client, ledger -> ledger.at("/running").asBoolean());
    print("during a round, under", load(running));
    JsonNode now = client.get("/v1/cluster").at(LEDGER);
    System.out.printf(
        "  the round was %s at the end of the load%n",
        now.at("/running").asBoolean() ? "still running" : "over");
    return exact && second.at("/last/repairs").asLong() == 0;
  }

  private LoadResult load(ServerUnderTest running) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    return LoadGenerator.run(
        LoadPlan.of(
            running.address(),
            RequestTemplate.put("/v1/state/busy/k{key}?ttl=2h", BareServer.JSON_120),
            number -> random.nextLong(10_000),
            Pace.open(CONNECTIONS, rate, Duration.ofSeconds(seconds))));
  }

  private static void print(String what, LoadResult load) {
    System.out.printf(
        "%s %,.0f mutations/s: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, errors %d%n",
        what,
        load.perSecond(),
        load.latencyMillis(50),
        load.latencyMillis(99),
        load.latencyMillis(99.9),
        load.errors());
  }

  private static void printRound(JsonNode ledger) {
    System.out.printf(
        "round %d: %,d rows in %.1f s with %.2f s of processor time, %,d repaired,"
            + " %d actors differ%n",
        ledger.at("/rounds").asLong(),
        ledger.at("/last/rows").asLong(),
        ledger.at("/last/durationMs").asLong() / 1e3,
        ledger.at("/last/processorMs").asLong() / 1e3,
        ledger.at("/last/repairs").asLong(),
        ledger.at("/actors/differing").asLong());
  }

  /** Looks until the rounds are so far. */
  private static JsonNode await(
      ServerUnderTest running, StateClient client, Predicate<JsonNode> condition)
      throws IOException, InterruptedException {
    while (true) {
      JsonNode ledger = client.get("/v1/cluster").at(LEDGER);
      if (condition.test(ledger)) {
        return ledger;
      }
      running.pass(POLL_MILLIS);
    }
  }
}
