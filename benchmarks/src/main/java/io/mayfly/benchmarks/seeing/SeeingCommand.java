package io.mayfly.benchmarks.seeing;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.LoadResult;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.process.BareServer;
import io.mayfly.benchmarks.process.Jdk;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.LongUnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What it costs to see: a server with metrics, traces of one request in a hundred and its log,
 * beside one with none of them. They take turns, and only the one that is measured runs.
 */
@Command(
    name = "seeing",
    mixinStandardHelpOptions = true,
    description = "What metrics, traces and logs cost, and how fast a life story is told.")
public final class SeeingCommand implements Callable<Integer> {
  private static final int KEYS = 10_000;
  private static final String KEY = "/v1/state/bench/cart-{key}";
  private static final RequestTemplate PUT =
      RequestTemplate.put(KEY + "?ttl=1h", BareServer.JSON_120);
  private static final RequestTemplate GET = RequestTemplate.get(KEY);

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--seconds", defaultValue = "5", description = "Measured time per turn.")
  private long seconds;

  @Option(names = "--warmup", defaultValue = "4", description = "Seconds before it.")
  private long warmup;

  @Option(names = "--turns", defaultValue = "3", description = "Turns of each server.")
  private int turns;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (SpanSink sink = new SpanSink();
        ServerUnderTest on = ServerUnderTest.mayfly(server.jdk(), on(sink))) {
      fill(on);
      on.pause();
      try (ServerUnderTest off = ServerUnderTest.mayfly(quiet(), off())) {
        fill(off);
        off.pause();
        compare("PUT journaled", PUT, on, off);
        compare("GET", GET, on, off);
      }
      System.out.printf("spans: %,d bytes%n", sink.bytes());
    }
    Stories.measure(server.jdk());
    return 0;
  }

  private List<String> on(SpanSink sink) {
    List<String> settings = new ArrayList<>(server.settings());
    settings.add("mayfly.tracing.endpoint=" + sink.endpoint());
    settings.add("mayfly.tracing.sampling=0.01");
    settings.add("mayfly.log.format=json");
    return settings;
  }

  private List<String> off() {
    List<String> settings = new ArrayList<>(server.settings());
    settings.add("mayfly.telemetry.metrics=off");
    return settings;
  }

  private Jdk quiet() {
    List<String> flags = new ArrayList<>(server.jdk().flags());
    flags.add("-Dmayfly.log.level=OFF");
    return new Jdk(server.jdk().home(), flags);
  }

  private static void fill(ServerUnderTest filled) throws IOException {
    LoadGenerator.run(
        LoadPlan.of(filled.address(), PUT, LongUnaryOperator.identity(), Pace.count(64, KEYS)));
  }

  private void compare(
      String label, RequestTemplate template, ServerUnderTest on, ServerUnderTest off)
      throws IOException, InterruptedException {
    double all = 0;
    double none = 0;
    for (int i = 0; i < turns; i++) {
      double with = turn(template, on);
      double without = turn(template, off);
      System.out.printf("%s: %,.0f/s with all, %,.0f/s with none%n", label, with, without);
      all += with;
      none += without;
    }
    System.out.printf("%s: %.2f of the rate with none%n", label, all / none);
  }

  private double turn(RequestTemplate template, ServerUnderTest measured)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(1);
    measured.resume();
    LoadResult result =
        LoadGenerator.run(
            LoadPlan.of(
                measured.address(),
                template,
                number -> random.nextInt(KEYS),
                Pace.closed(64, Duration.ofSeconds(warmup), Duration.ofSeconds(seconds))));
    measured.pause();
    return result.acceptedPerSecond();
  }
}
