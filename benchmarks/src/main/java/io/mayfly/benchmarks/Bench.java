package io.mayfly.benchmarks;

import io.mayfly.benchmarks.cluster.HopCommand;
import io.mayfly.benchmarks.cluster.ScaleCommand;
import io.mayfly.benchmarks.inprocess.InProcess;
import io.mayfly.benchmarks.lateness.Lateness;
import io.mayfly.benchmarks.lease.LeasePairs;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.memory.HeapPerKey;
import io.mayfly.benchmarks.overload.OverloadCommand;
import io.mayfly.benchmarks.rounds.RoundsCommand;
import io.mayfly.benchmarks.seeing.SeeingCommand;
import io.mayfly.benchmarks.stream.BatchCommand;
import io.mayfly.benchmarks.stream.ReconcileCommand;
import io.mayfly.benchmarks.throughput.Throughput;
import io.mayfly.benchmarks.watch.WatchCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The load benchmarks from the command line. Exits with 1 when a request had no 2xx answer. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = {
      BatchCommand.class,
      HopCommand.class,
      InProcess.class,
      Lateness.class,
      LeasePairs.class,
      LoadCommand.class,
      OverloadCommand.class,
      ReconcileCommand.class,
      RoundsCommand.class,
      ScaleCommand.class,
      SeeingCommand.class,
      WatchCommand.class
    },
    description = "Load figures beside a bare Pekko HTTP server, same machine, same run.")
public final class Bench implements Callable<Integer> {
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--seconds", defaultValue = "10", description = "Measured time per scenario.")
  private long seconds;

  @Option(names = "--warmup", defaultValue = "10", description = "Seconds before it.")
  private long warmup;

  @Option(names = "--connections", defaultValue = "64", description = "Keep-alive connections.")
  private int connections;

  @Option(names = "--repetitions", defaultValue = "3", description = "The median is printed.")
  private int repetitions;

  @Option(names = "--short", description = "One repetition of 3 s after 3 s, without memory.")
  private boolean brief;

  @Option(names = "--only", split = ",", description = "Scenarios whose label contains this.")
  private List<String> only = List.of();

  @Option(names = "--memory-keys", defaultValue = "50000", description = "0 to leave memory out.")
  private long memoryKeys;

  /** Runs the command line. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Pace pace =
        Pace.closed(
            connections,
            Duration.ofSeconds(brief ? 3 : warmup),
            Duration.ofSeconds(brief ? 3 : seconds));
    System.out.printf(
        "servers on %s %s, %d connections%n",
        server.jdk().home(), server.jdk().flags(), connections);
    long errors = new Throughput(server, pace, brief ? 1 : repetitions).run(only);
    if (!brief && memoryKeys > 0) {
      printMemory();
    }
    return errors == 0 ? 0 : 1;
  }

  private void printMemory() throws IOException, InterruptedException {
    HeapPerKey heap = new HeapPerKey(server, memoryKeys);
    System.out.printf("heap per resident key:   %,.0f B%n", heap.resident());
    System.out.printf("heap per passivated key: %,.0f B%n", heap.passivated());
  }
}
