package io.mayfly.benchmarks.pieces;

import io.mayfly.actors.entry.Decision;
import io.mayfly.actors.entry.EntryState;
import io.mayfly.actors.entry.Situation;
import io.mayfly.protocol.entry.EntryCommand.Put;
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

/** What the rules of a write cost, without an actor around them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecideBenchmark {
  private Situation situation = Writes.situation();
  private Put put = Writes.put();
  private EntryState live = Writes.after(EntryState.initial(), put, situation);

  /** Decides a replacement of a live entry and applies its events. */
  @Benchmark
  public EntryState replace() {
    live = Writes.after(live, put, situation);
    return live;
  }

  /** Decides a replacement of a live entry. */
  @Benchmark
  public Decision decide() {
    return live.decide(put, situation);
  }

  /** Decides a creation and applies its events. */
  @Benchmark
  public EntryState create() {
    return Writes.after(EntryState.initial(), put, situation);
  }
}
