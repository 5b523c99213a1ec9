package io.mayfly.testkit.check;

import java.util.OptionalLong;

/**
 * What one client asked of a register and what came of it.
 *
 * @param kind whether it wrote or read
 * @param value what it wrote, or found; empty for nothing
 * @param calledNanos when it was sent
 * @param answeredNanos when the answer came; {@link Long#MAX_VALUE} when nobody knows whether it
 *     had its effect
 */
public record Operation(Kind kind, OptionalLong value, long calledNanos, long answeredNanos) {
  /** What an operation does. */
  public enum Kind {
    /** Sets the value. */
    WRITE,
    /** Finds the value. */
    READ
  }

  /** A write that was acknowledged. */
  public static Operation write(long value, long calledNanos, long answeredNanos) {
    return new Operation(Kind.WRITE, OptionalLong.of(value), calledNanos, answeredNanos);
  }

  /** A write that may have happened, at any time from then on, or never. */
  public static Operation lostWrite(long value, long calledNanos) {
    return write(value, calledNanos, Long.MAX_VALUE);
  }

  /** An end: nothing is found from then on. */
  public static Operation end(long calledNanos, long answeredNanos) {
    return new Operation(Kind.WRITE, OptionalLong.empty(), calledNanos, answeredNanos);
  }

  /** A read that was answered. */
  public static Operation read(OptionalLong found, long calledNanos, long answeredNanos) {
    return new Operation(Kind.READ, found, calledNanos, answeredNanos);
  }

  /** Whether its effect is certain. */
  public boolean certain() {
    return answeredNanos != Long.MAX_VALUE;
  }
}
