package io.mayfly.benchmarks.throughput;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.process.ServerUnderTest;
import io.mayfly.benchmarks.throughput.Scenario.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * The servers of one run. They stay alive from one repetition to the next, warm; only the server
 * that takes creations begins anew each time, because its store would grow.
 */
final class Subjects implements AutoCloseable {
  private final ServerOptions options;
  private final Map<Subject, ServerUnderTest> running = new EnumMap<>(Subject.class);

  Subjects(ServerOptions options) {
    this.options = options;
  }

  ServerUnderTest running(Subject subject) throws IOException, InterruptedException {
    if (subject == Subject.CREATIONS) {
      stop(subject);
    }
    ServerUnderTest server = running.get(subject);
    if (server == null) {
      server = start(subject);
      running.put(subject, server);
      fill(subject, server);
    }
    return server;
  }

  private ServerUnderTest start(Subject subject) throws IOException, InterruptedException {
    if (subject == Subject.BARE) {
      return ServerUnderTest.bare(options.jdk());
    }
    List<String> settings = new ArrayList<>(options.settings());
    settings.add(subject.setting());
    return ServerUnderTest.mayfly(options.jdk(), settings);
  }

  private static void fill(Subject subject, ServerUnderTest server) throws IOException {
    if (subject == Subject.BARE || subject == Subject.CREATIONS) {
      return;
    }
    LoadResult filled =
        LoadGenerator.run(
            LoadPlan.of(
                server.address(),
                Scenario.put(),
                LongUnaryOperator.identity(),
                Pace.count(64, Scenario.KEYS)));
    if (filled.errors() > 0) {
      throw new IllegalStateException("fill: " + filled.errors() + " of the keys were refused");
    }
  }

  private void stop(Subject subject) {
    ServerUnderTest server = running.remove(subject);
    if (server != null) {
      server.close();
    }
  }

  @Override
  public void close() {
    running.values().forEach(ServerUnderTest::close);
  }
}
