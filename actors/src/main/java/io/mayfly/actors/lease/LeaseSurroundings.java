package io.mayfly.actors.lease;

import io.mayfly.actors.time.Awaited;
import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What a node lends to its resources.
 *
 * @param clock the one clock
 * @param purgedToken the highest token or incarnation that was ever purged
 * @param pace how fast the node frees and purges what the clock has overtaken and nobody waits for
 * @param snapshotEvery how many events lie between two snapshots of a resource
 * @param passivateAfter how long a resource stays in memory that nobody uses or waits for
 * @param roomy whether the memory takes something new
 * @param telemetry counts what happens
 */
public record LeaseSurroundings(
    Contracts contracts,
    InstantSource clock,
    LongSupplier purgedToken,
    Pace pace,
    LeaseLimits limits,
    int snapshotEvery,
    Duration passivateAfter,
    BooleanSupplier roomy,
    Telemetry telemetry) {

  /** What a node lends whose memory never runs low, and where nobody counts. */
  public LeaseSurroundings(
      Contracts contracts,
      InstantSource clock,
      LongSupplier purgedToken,
      Pace pace,
      LeaseLimits limits,
      int snapshotEvery,
      Duration passivateAfter) {
    this(
        contracts,
        clock,
        purgedToken,
        pace,
        limits,
        snapshotEvery,
        passivateAfter,
        () -> true,
        Telemetry.NONE);
  }

  /** Whether a command would create a resource for which there is no memory. */
  boolean refuses(LeaseState state, LeaseCommand command) {
    return state instanceof LeaseState.Absent
        && (command instanceof LeaseCommand.Define || command instanceof LeaseCommand.Acquire)
        && !roomy.getAsBoolean();
  }

  Situation situation(LeaseRequest request, Queue queue) {
    long nowMillis = clock.millis();
    return new Situation(
        request.id(),
        contracts.of(request.id().namespace()),
        nowMillis,
        Awaited.since(request.sinceMillis(), nowMillis),
        purgedToken.getAsLong(),
        limits,
        queue);
  }
}
