package io.mayfly.benchmarks.throughput;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * The servers of one run, one for each scenario, so that each is warmed by its own requests and as
 * long as the others. They stay from one repetition to the next.
 *
 * <p>Invariant: at most one of them is not paused.
 */
final class Subjects implements AutoCloseable {
  private final ServerOptions options;
  private final Map<Scenario, ServerUnderTest> servers = new EnumMap<>(Scenario.class);

  Subjects(ServerOptions options) {
    this.options = options;
  }

  /** What is done with a server that runs while all others are paused. */
  @FunctionalInterface
  interface Use {
    LoadResult with(ServerUnderTest server) throws IOException;
  }

  /** Lets the scenario's server run for as long as it is used; starts it for its first use. */
  LoadResult use(Scenario scenario, Use use) throws IOException, InterruptedException {
    ServerUnderTest server = servers.get(scenario);
    if (server == null) {
      server = start(scenario);
      servers.put(scenario, server);
      fill(scenario, server);
    } else {
      server.resume();
    }
    LoadResult result = use.with(server);
    server.pause();
    return result;
  }

  private ServerUnderTest start(Scenario scenario) throws IOException, InterruptedException {
    if (scenario == Scenario.BARE) {
      return ServerUnderTest.bare(options.jdk());
    }
    List<String> settings = new ArrayList<>(options.settings());
    settings.add(scenario.setting());
    settings.addAll(scenario.rules());
    return ServerUnderTest.mayfly(options.jdk(), settings);
  }

  private static void fill(Scenario scenario, ServerUnderTest server) throws IOException {
    if (!scenario.needsKeys()) {
      return;
    }
    LoadResult filled =
        LoadGenerator.run(
            LoadPlan.of(
                server.address(),
                scenario.filling(),
                LongUnaryOperator.identity(),
                Pace.count(64, Scenario.KEYS)));
    if (filled.errors() > 0) {
      throw new IllegalStateException("fill: " + filled.errors() + " of the keys were refused");
    }
  }

  @Override
  public void close() {
    servers.values().forEach(ServerUnderTest::close);
  }
}
