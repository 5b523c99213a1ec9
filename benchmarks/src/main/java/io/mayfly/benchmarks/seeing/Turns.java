package io.mayfly.benchmarks.seeing;

import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.load.Spread;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Servers that take turns under one load, forth in one round and back in the next, so that a
 * machine that slows down or speeds up favours none of them.
 */
final class Turns {
  private static final int KEYS = 10_000;

  private final List<ServerUnderTest> servers;
  private final List<List<LoadResult>> results;

  /**
   * Servers that run all the time. A paused one would do what its clock asks of it in its own
   * turns: metrics are read every second, and all that was missed is read at once.
   */
  Turns(List<ServerUnderTest> servers) {
    this.servers = List.copyOf(servers);
    this.results = servers.stream().<List<LoadResult>>map(server -> new ArrayList<>()).toList();
  }

  /** Writes every key once, and goes on until the server is warm. */
  static void prepare(ServerUnderTest server, RequestTemplate put, RequestTemplate get, Pace warmup)
      throws IOException, InterruptedException {
    LoadGenerator.run(LoadPlan.of(server.address(), put, key -> key, Pace.count(64, KEYS)));
    run(server, get, warmup);
    run(server, put, warmup);
  }

  /** Lets every server have a turn in each round. */
  void measure(RequestTemplate template, Pace pace, int rounds)
      throws IOException, InterruptedException {
    results.forEach(List::clear);
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < servers.size(); i++) {
        int turn = round % 2 == 0 ? i : servers.size() - 1 - i;
        results.get(turn).add(run(servers.get(turn), template, pace));
      }
    }
  }

  private static LoadResult run(ServerUnderTest server, RequestTemplate template, Pace pace)
      throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    LoadResult result =
        LoadGenerator.run(
            new LoadPlan(
                server.address(),
                template,
                number -> random.nextInt(KEYS),
                number -> 0,
                pace,
                server::cpuNanos));
    if (result.errors() > 0) {
      throw new IllegalStateException(result.errors() + " requests failed: " + result.byStatus());
    }
    return result;
  }

  /** Requests a second of a server, over its turns. */
  Spread rate(int server) {
    return Spread.of(results.get(server).stream().mapToDouble(LoadResult::perSecond));
  }

  /** Microseconds of a server's processor time per request, over its turns. */
  Spread cpuMicros(int server) {
    return Spread.of(results.get(server).stream().mapToDouble(LoadResult::serverCpuMicros));
  }

  /** What share of another server's rate one has, round by round. */
  Spread rateShare(int server, int other) {
    return share(server, other, LoadResult::perSecond);
  }

  /** What share of another server's requests per processor second one has, round by round. */
  Spread cpuShare(int server, int other) {
    return share(server, other, result -> 1 / result.serverCpuMicros());
  }

  private Spread share(int server, int other, ToDoubleFunction<LoadResult> figure) {
    List<LoadResult> mine = results.get(server);
    List<LoadResult> theirs = results.get(other);
    return Spread.of(
        IntStream.range(0, mine.size())
            .mapToDouble(
                round ->
                    figure.applyAsDouble(mine.get(round))
                        / figure.applyAsDouble(theirs.get(round))));
  }
}
