package io.mayfly.benchmarks.lateness;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.process.ServerUnderTest;
import io.mayfly.protocol.time.SteadyClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how late ends are. Exits with 1 when one was early, missing, doubled or read late. */
@Command(
    name = "lateness",
    mixinStandardHelpOptions = true,
    description = "How late ends are: a steady stream of them, and many at one instant.")
public final class Lateness implements Callable<Integer> {
  private static final int CONNECTIONS = 64;
  private static final long AFTER_MILLIS = 15_000;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--rate", defaultValue = "2000", description = "Ends per second.")
  private long rate;

  @Option(names = "--seconds", defaultValue = "30", description = "How long keys end.")
  private long seconds;

  @Option(
      names = "--warmup",
      defaultValue = "20",
      description = "Seconds of the same stream before, on other keys, that do not count.")
  private long warmup;

  @Option(names = "--mass", defaultValue = "20000", description = "Keys of one deadline.")
  private long mass;

  @Option(names = "--lead", defaultValue = "20", description = "Seconds to write keys in.")
  private long lead;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (ServerUnderTest running = ServerUnderTest.mayfly(server.jdk(), server.settings())) {
      StateClient client = new StateClient(running.uri());
      boolean steady = seconds == 0 || steady(running, client);
      boolean massive = mass == 0 || mass(running, client);
      return steady && massive ? 0 : 1;
    }
  }

  private boolean steady(ServerUnderTest running, StateClient client)
      throws IOException, InterruptedException {
    if (warmup > 0) {
      warmUp(running);
    }
    long count = rate * seconds;
    long firstEndMillis = SteadyClock.system().millis() + 1_000 * lead;
    LoadResult writes =
        LoadGenerator.run(
            new LoadPlan(
                running.address(),
                RequestTemplate.put("/v1/state/late/k{key}?ttl={ttl}ms", "1"),
                number -> number,
                number -> firstEndMillis + number * 1_000 / rate - SteadyClock.system().millis(),
                Pace.count(CONNECTIONS, count),
                running::cpuNanos));
    long leftMillis = firstEndMillis - SteadyClock.system().millis();
    if (leftMillis < 0) {
      System.out.printf("TOO LATE: the keys took longer than --lead %d to write%n", lead);
    }
    running.pass(Math.max(1, leftMillis));
    DeadlineProbe.Running probing = DeadlineProbe.start(client);
    running.pass(1_000 * seconds + AFTER_MILLIS);
    DeadlineProbe probe = probing.stop();
    System.out.printf(
        "%,d keys written at %,.0f/s, %d errors; then %,d end each second%n",
        writes.answers(), writes.perSecond(), writes.errors(), rate);
    System.out.printf(
        "probe: %,d keys, %,d reads, %d read at or after the deadline, %d gone before it%n",
        probe.keys(), probe.reads(), probe.readableLate(), probe.goneEarly());
    Ends ends = Ends.read(client, writes.answers(), path("late"));
    boolean held = printed("steady", ends);
    return held && writes.errors() == 0 && probe.readableLate() + probe.goneEarly() == 0;
  }

  /** A stream of keys that end one to three seconds after they were written. */
  private void warmUp(ServerUnderTest running) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    var unused =
        LoadGenerator.run(
            new LoadPlan(
                running.address(),
                RequestTemplate.put("/v1/state/warm-up/k{key}?ttl={ttl}ms", "1"),
                number -> number,
                number -> random.nextLong(1_000, 3_000),
                Pace.open(CONNECTIONS, rate, Duration.ofSeconds(warmup)),
                running::cpuNanos));
  }

  private boolean mass(ServerUnderTest running, StateClient client)
      throws IOException, InterruptedException {
    client.put("/v1/state/mass-probe/k0000000000?ttl=1h", "1");
    LoadResult calm = probe(running, 3);
    Instant deadline = SteadyClock.system().instant().plusSeconds(lead);
    LoadResult writes =
        LoadGenerator.run(
            LoadPlan.of(
                running.address(),
                RequestTemplate.put("/v1/state/mass/k{key}?expires-at=" + deadline, "1"),
                number -> number,
                Pace.count(CONNECTIONS, mass)));
    long leftMillis = Duration.between(SteadyClock.system().instant(), deadline).toMillis();
    running.pass(Math.max(1, leftMillis - 1_000));
    LoadResult storm = probe(running, AFTER_MILLIS / 1_000);
    System.out.printf(
        "mass: %,d keys at one instant, %d errors; probe p99 %.1f ms before, %.1f ms meanwhile%n",
        mass, writes.errors(), calm.latencyMillis(99), storm.latencyMillis(99));
    Ends ends = Ends.read(client, mass, path("mass"));
    return printed("mass", ends) && writes.errors() + storm.errors() == 0;
  }

  /** Reads one other key at 500/s, as a service does while keys end. */
  private static LoadResult probe(ServerUnderTest running, long probeSeconds) throws IOException {
    return LoadGenerator.run(
        LoadPlan.of(
            running.address(),
            RequestTemplate.get("/v1/state/mass-probe/k{key}"),
            number -> 0,
            Pace.open(CONNECTIONS, 500, Duration.ofSeconds(probeSeconds))));
  }

  private static LongFunction<String> path(String namespace) {
    return key -> String.format("/v1/state/%s/k%010d", namespace, key);
  }

  private static boolean printed(String name, Ends ends) {
    System.out.printf(
        "%s: %,d ends, late p50 %d ms, p99 %d ms, max %d ms; %d early, %d keys without one end%n",
        name,
        ends.count(),
        ends.quantileMillis(0.5),
        ends.quantileMillis(0.99),
        ends.quantileMillis(1),
        ends.early(),
        ends.otherThanOneEnd());
    return ends.early() + ends.otherThanOneEnd() == 0;
  }
}
