package io.mayfly.protocol.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The port to the ledger. Stages fail only when the store does. */
public interface Ledger {
  /** The number of slices into which keys fall; a part of the stored format. */
  int SLICES = 64;

  /** The slice of a key, 0 to {@link #SLICES} - 1. Stable for ever. */
  static int sliceOf(String persistenceId) {
    int hash = persistenceId.hashCode();
    return (hash ^ (hash >>> 16)) & (SLICES - 1);
  }

  /**
   * The wake-ups of one slice behind {@code after} (exclusive) until {@code until} (inclusive), in
   * the order of their instants, then of their persistence ids.
   *
   * @param limit the most wake-ups
   */
  CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit);

  /** The rows of a page that are visible at the query's instant. */
  CompletionStage<List<LedgerRow>> list(ListQuery query);

  /** How many rows each namespace has that has any: what stands or is overdue. */
  CompletionStage<Map<String, Long>> counts();

  /**
   * The highest incarnation that was ever purged, or 0. A new incarnation must be above it. Never
   * blocks.
   */
  long highestPurgedIncarnation();
}
