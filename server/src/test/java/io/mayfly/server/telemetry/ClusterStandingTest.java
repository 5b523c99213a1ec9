package io.mayfly.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a node tells of the entries that stand in its cluster. */
final class ClusterStandingTest {
  private final List<CompletableFuture<Map<String, Long>>> counts = new ArrayList<>();
  private boolean leads = true;
  private long nowNanos;
  private final ClusterStanding standing =
      new ClusterStanding(
          () -> {
            CompletableFuture<Map<String, Long>> count = new CompletableFuture<>();
            counts.add(count);
            return count;
          },
          () -> Map.of("here", 2L, "both", 3L),
          () -> leads,
          Duration.ofSeconds(10),
          () -> nowNanos);

  @Test
  void node_thatLeads_tellsWhatIsStoredAndWhatIsInItsMemory() {
    standing.get();
    counts.get(0).complete(Map.of("stored", 7L, "both", 4L));

    assertThat(standing.get()).isEqualTo(Map.of("here", 2L, "both", 7L, "stored", 7L));
  }

  @Test
  void node_thatDoesNotLead_tellsWhatIsInItsMemoryAndCountsNothing() {
    leads = false;

    assertThat(standing.get()).isEqualTo(Map.of("here", 2L, "both", 3L));
    assertThat(counts).isEmpty();
  }

  @Test
  void node_thatLeadsNoMore_forgetsWhatIsStored() {
    standing.get();
    counts.get(0).complete(Map.of("stored", 7L));
    leads = false;
    standing.get();
    leads = true;

    assertThat(standing.get()).doesNotContainKey("stored");
    assertThat(counts).hasSize(2);
  }

  @Test
  void count_isTakenAgainAfterTheIntervalOrAFiftiethOfItsTime() {
    standing.get();
    nowNanos += Duration.ofSeconds(1).toNanos();
    counts.get(0).complete(Map.of());
    nowNanos += Duration.ofSeconds(49).toNanos();
    standing.get();
    assertThat(counts).hasSize(1);
    nowNanos += Duration.ofSeconds(1).toNanos();
    standing.get();
    assertThat(counts).hasSize(2);
    counts.get(1).complete(Map.of());
    nowNanos += Duration.ofSeconds(10).toNanos();
    standing.get();

    assertThat(counts).hasSize(3);
  }

  @Test
  void count_thatFails_leavesTheLastOne() {
    standing.get();
    counts.get(0).complete(Map.of("stored", 7L));
    nowNanos += Duration.ofSeconds(10).toNanos();
    standing.get();
    counts.get(1).completeExceptionally(new IllegalStateException("no database"));

    assertThat(standing.get()).containsEntry("stored", 7L);
  }
}
