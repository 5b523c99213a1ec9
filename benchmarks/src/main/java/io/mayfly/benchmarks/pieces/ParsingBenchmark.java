package io.mayfly.benchmarks.pieces;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.time.DurationText;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to read the two texts that every request carries. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParsingBenchmark {
  private String duration = "10m";
  private String entryId = "checkout-session/cart-0000004711";

  /** Reads {@code 10m}. */
  @Benchmark
  public Duration durationText() {
    return DurationText.parse(duration);
  }

  /** Reads a namespace and a key. */
  @Benchmark
  public EntryId entryId() {
    return EntryId.parse(entryId);
  }
}
