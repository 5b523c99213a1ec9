package io.mayfly.benchmarks.seeing;

import io.mayfly.benchmarks.ServerOptions;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.load.Spread;
import io.mayfly.benchmarks.process.BareServer;
import io.mayfly.benchmarks.process.Jdk;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What it costs to see: a server with metrics, traces of one request in a hundred and its log,
 * beside two with none of them. What the two differ by is noise, and so is that much of what the
 * first one costs.
 */
@Command(
    name = "seeing",
    mixinStandardHelpOptions = true,
    description = "What metrics, traces and logs cost, and how fast a life story is told.")
public final class SeeingCommand implements Callable<Integer> {
  private static final int ON = 0;
  private static final int OFF = 1;
  private static final int CONTROL = 2;
  private static final String KEY = "/v1/state/bench/cart-{key}";
  private static final RequestTemplate PUT =
      RequestTemplate.put(KEY + "?ttl=1h", BareServer.JSON_120);
  private static final RequestTemplate GET = RequestTemplate.get(KEY);

  /** What a server may tell of itself. */
  enum Means {
    METRICS,
    TRACES,
    LOGS
  }

  /** What is measured. */
  enum Part {
    COST,
    STORY
  }

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--parts",
      split = ",",
      defaultValue = "COST,STORY",
      description = "What is measured (default: ${DEFAULT-VALUE}).")
  private Set<Part> parts = Set.of();

  @Option(
      names = "--on",
      split = ",",
      defaultValue = "METRICS,TRACES,LOGS",
      description = "What the first server tells of itself (default: ${DEFAULT-VALUE}).")
  private Set<Means> means = Set.of();

  @Option(names = "--seconds", defaultValue = "2", description = "Measured time per turn.")
  private long seconds;

  @Option(names = "--warmup", defaultValue = "6", description = "Seconds of each load before all.")
  private long warmup;

  @Option(names = "--rounds", defaultValue = "7", description = "Turns of each server.")
  private int rounds;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (parts.contains(Part.COST)) {
      cost();
    }
    if (parts.contains(Part.STORY)) {
      Stories.measure(server.jdk());
    }
    return 0;
  }

  private void cost() throws IOException, InterruptedException {
    Pace before = Pace.closed(64, Duration.ZERO, Duration.ofSeconds(warmup));
    try (SpanSink sink = new SpanSink();
        ServerUnderTest on = warm(sink, means, before);
        ServerUnderTest off = warm(sink, Set.of(), before);
        ServerUnderTest control = warm(sink, Set.of(), before)) {
      Turns turns = new Turns(List.of(on, off, control));
      Pace pace = Pace.closed(64, Duration.ofMillis(500), Duration.ofSeconds(seconds));
      for (RequestTemplate template : List.of(GET, PUT)) {
        turns.measure(template, pace, rounds);
        print(template == GET ? "GET" : "PUT journaled", turns);
      }
      System.out.printf("spans: %,d bytes%n", sink.bytes());
    }
  }

  private ServerUnderTest warm(SpanSink sink, Set<Means> told, Pace before)
      throws IOException, InterruptedException {
    List<String> settings = new ArrayList<>(server.settings());
    settings.add("mayfly.log.format=json");
    if (!told.contains(Means.METRICS)) {
      settings.add("mayfly.telemetry.metrics=off");
    }
    if (told.contains(Means.TRACES)) {
      settings.add("mayfly.tracing.endpoint=" + sink.endpoint());
      settings.add("mayfly.tracing.sampling=0.01");
    }
    ServerUnderTest started =
        ServerUnderTest.mayfly(told.contains(Means.LOGS) ? server.jdk() : quiet(), settings);
    Turns.prepare(started, PUT, GET, before);
    return started;
  }

  private Jdk quiet() {
    List<String> flags = new ArrayList<>(server.jdk().flags());
    flags.add("-Dmayfly.log.level=OFF");
    return new Jdk(server.jdk().home(), flags);
  }

  private static void print(String label, Turns turns) {
    System.out.printf("%s, median (min to max) of the turns:%n", label);
    for (int i : new int[] {ON, OFF, CONTROL}) {
      System.out.printf(
          "  %-8s %s requests/s, %s us of CPU per request%n",
          i == ON ? "with" : i == OFF ? "without" : "control",
          text("%,.0f", turns.rate(i)),
          text("%.1f", turns.cpuMicros(i)));
    }
    print("with against without", turns, ON);
    print("control against without", turns, CONTROL);
  }

  private static void print(String label, Turns turns, int server) {
    System.out.printf(
        "  %s: %s of the rate, %s of the requests per CPU second%n",
        label,
        text("%.3f", turns.rateShare(server, OFF)),
        text("%.3f", turns.cpuShare(server, OFF)));
  }

  private static String text(String format, Spread spread) {
    return String.format(
        format + " (" + format + " to " + format + ")",
        spread.median(),
        spread.min(),
        spread.max());
  }
}
