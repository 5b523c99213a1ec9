package io.mayfly.testkit.sim;

import java.time.Instant;
import java.time.InstantSource;

/** The clock of a machine: true time, with an error that grows by drift and jumps by steps. */
final class NodeClock implements InstantSource {
  private final Agenda agenda;
  private final Instant start;
  private long sinceNanos;
  private long errorNanos;
  private double drift;

  NodeClock(Agenda agenda, Instant start) {
    this.agenda = agenda;
    this.start = start;
  }

  /** How far it is ahead of the truth now, in milliseconds. */
  long errorMillis() {
    return errorNow() / 1_000_000;
  }

  private long errorNow() {
    return errorNanos + (long) ((agenda.nowNanos() - sinceNanos) * drift);
  }

  /** Lets it run faster, or slower below 0, by this share. */
  void drift(double share) {
    errorNanos = errorNow();
    sinceNanos = agenda.nowNanos();
    drift = share;
  }

  void step(long nanos) {
    errorNanos += nanos;
  }

  /** Sets it right. */
  void correct() {
    errorNanos = 0;
    sinceNanos = agenda.nowNanos();
    drift = 0;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return start.toEpochMilli() + (agenda.nowNanos() + errorNow()) / 1_000_000;
  }
}
