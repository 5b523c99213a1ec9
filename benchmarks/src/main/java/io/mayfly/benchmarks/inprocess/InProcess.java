package io.mayfly.benchmarks.inprocess;

import com.sun.management.OperatingSystemMXBean;
import io.mayfly.benchmarks.load.Spread;
import io.mayfly.protocol.entry.Value;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the path of a command from the port to the entry and back.
 *
 * <p>A round that is not counted goes first: the JVM is one and the same for all rows, and the
 * first of them would pay for loading and compiling what all use.
 */
@Command(
    name = "in-process",
    mixinStandardHelpOptions = true,
    description = "Commands per second to a node in this JVM, without HTTP.")
public final class InProcess implements Callable<Integer> {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @Option(names = "--seconds", defaultValue = "5", description = "Measured time per repetition.")
  private long seconds;

  @Option(names = "--warmup", defaultValue = "5", description = "Seconds before it.")
  private long warmup;

  @Option(names = "--in-flight", defaultValue = "256", description = "Commands under way.")
  private int inFlight;

  @Option(names = "--repetitions", defaultValue = "3", description = "The median is printed.")
  private int repetitions;

  @Option(names = "--value-bytes", defaultValue = "120", description = "CBOR bytes: 3 to 65535.")
  private int valueBytes;

  @Option(names = "--only", split = ",", description = "Rows whose label contains this.")
  private List<String> only = List.of();

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Setting; repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (System.getProperty("mayfly.log.level") == null) {
      System.setProperty("mayfly.log.level", "WARN");
    }
    Value value = value(valueBytes);
    Map<Work, List<Sample>> samples = new EnumMap<>(Work.class);
    List<Work> chosen = Arrays.stream(Work.values()).filter(this::isChosen).toList();
    for (Work work : chosen) {
      measure(work, value, Duration.ZERO);
    }
    for (int i = 0; i < repetitions; i++) {
      for (Work work : chosen) {
        Sample sample = measure(work, value, Duration.ofSeconds(seconds));
        samples.computeIfAbsent(work, key -> new ArrayList<>()).add(sample);
      }
    }
    return print(samples) == 0 ? 0 : 1;
  }

  private boolean isChosen(Work work) {
    return only.isEmpty() || only.stream().anyMatch(work.label()::contains);
  }

  /** A CBOR text of so many bytes, its head of three bytes included. */
  private static Value value(int bytes) {
    if (bytes < 3 || bytes > 65_535) {
      throw new IllegalArgumentException("value-bytes: " + bytes + " (expected: 3 to 65535)");
    }
    byte[] cbor = new byte[bytes];
    Arrays.fill(cbor, (byte) 'm');
    cbor[0] = 0x79;
    cbor[1] = (byte) ((bytes - 3) >>> 8);
    cbor[2] = (byte) (bytes - 3);
    return new Value(cbor);
  }

  /** A node of its own, so that no repetition pays for the keys of the one before. */
  private Sample measure(Work work, Value value, Duration window)
      throws IOException, InterruptedException {
    System.gc();
    try (LocalNode node = LocalNode.start(settings)) {
      if (!work.creates()) {
        CommandLoop.start(work.creations(node.entries(), value), inFlight, Work.KEYS).await();
      }
      CommandLoop loop =
          CommandLoop.start(work.commands(node.entries(), value), inFlight, Long.MAX_VALUE);
      loop.pass(Duration.ofSeconds(warmup));
      long answers = loop.answers();
      long startNanos = System.nanoTime();
      long cpuNanos = PROCESS.getProcessCpuTime();
      loop.pass(window);
      answers = loop.answers() - answers;
      long windowNanos = System.nanoTime() - startNanos;
      cpuNanos = PROCESS.getProcessCpuTime() - cpuNanos;
      loop.stop();
      return new Sample(answers, loop.refusals(), windowNanos, cpuNanos);
    }
  }

  private long print(Map<Work, List<Sample>> samples) {
    System.out.printf(
        "in process, JDK %s, %d in flight, %d B values, %d x (%d s + %d s), no HTTP%n",
        Runtime.version().feature(), inFlight, valueBytes, repetitions, warmup, seconds);
    System.out.printf(
        "%-18s %11s %19s %11s %9s%n", "", "commands/s", "(min-max)", "CPU us/cmd", "refusals");
    samples.forEach(InProcess::printRow);
    return samples.values().stream().flatMap(List::stream).mapToLong(Sample::refusals).sum();
  }

  private static void printRow(Work work, List<Sample> samples) {
    Spread rate = Spread.of(samples.stream().mapToDouble(Sample::perSecond));
    System.out.printf(
        "%-18s %,11.0f %19s %11.1f %9d%n",
        work.label(),
        rate.median(),
        String.format("(%,.0f-%,.0f)", rate.min(), rate.max()),
        Spread.of(samples.stream().mapToDouble(Sample::cpuMicros)).median(),
        samples.stream().mapToLong(Sample::refusals).sum());
  }
}
