package io.mayfly.protocol.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node's rounds came to since it started.
 *
 * @param completed how many rounds were completed
 * @param running whether one is under way
 * @param lastEndedAt when the last one was completed
 * @param lastDuration how long it took
 * @param lastWorked how much processor time its comparisons and repairs took
 * @param lastRows how many rows and keys it compared
 * @param lastRepairs how many differences it repaired
 * @param found how often each kind of difference was found, in all rounds; only kinds that were
 * @param actors how many keys were asked whether they agree with the journal
 * @param differingActors how many did not, and were stopped so that they recover
 * @param failure why the last attempt broke off; absent when it did not
 */
public record RoundsReport(
    long completed,
    boolean running,
    @Nullable Instant lastEndedAt,
    @Nullable Duration lastDuration,
    Duration lastWorked,
    long lastRows,
    long lastRepairs,
    Map<Drift, Long> found,
    long actors,
    long differingActors,
    @Nullable String failure) {
  /** Before the first round. */
  public static final RoundsReport NONE =
      new RoundsReport(0, false, null, null, Duration.ZERO, 0, 0, Map.of(), 0, 0, null);
}
