package io.mayfly.benchmarks.pieces;

import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.actors.entry.EntryState;
import io.mayfly.actors.wire.WireSerializer;
import java.io.NotSerializableException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to write an event for the journal, and to read it back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
  private ActorSystem system = ActorSystem.create("codec");
  private WireSerializer serializer = new WireSerializer((ExtendedActorSystem) system);
  private EntryEvent created =
      EntryState.initial().decide(Writes.put(), Writes.situation()).events().get(0);
  private String manifest = serializer.manifest(created);
  private byte[] bytes = serializer.toBinary(created);

  /** Stops the actor system, so that the JVM ends. */
  @TearDown
  public void stop() {
    system.terminate();
  }

  /** An event to bytes. */
  @Benchmark
  public byte[] write() {
    return serializer.toBinary(created);
  }

  /** Bytes to an event. */
  @Benchmark
  public Object read() throws NotSerializableException {
    return serializer.fromBinary(bytes, manifest);
  }
}
