package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListPage;
import io.mayfly.protocol.ledger.ListQuery;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How the pages of several nodes become one. */
final class ScatteredLedgerTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private static LedgerRow row(String key, long incarnation, int endsIn) {
    return new LedgerRow(
        new EntryId("ns", key), new Version(incarnation, 1), NOW, NOW.plusSeconds(endsIn));
  }

  private static ListQuery query(@Nullable Instant until, int limit) {
    return new ListQuery("ns", "", until, null, limit, NOW);
  }

  @Test
  void pages_areMergedInTheOrderOfTheKeys() {
    List<LedgerRow> merged =
        ScatteredLedger.merged(
            query(null, 3),
            List.of(row("b", 1, 10)),
            List.of(
                new ListPage(List.of(row("a", 1, 30), row("d", 1, 10))),
                new ListPage(List.of(row("c", 1, 20)))));

    assertThat(merged).extracting(found -> found.id().key()).containsExactly("a", "b", "c");
  }

  @Test
  void listByDeadline_isMergedInTheOrderOfDeadlines() {
    List<LedgerRow> merged =
        ScatteredLedger.merged(
            query(NOW.plusSeconds(60), 10),
            List.of(row("a", 1, 30)),
            List.of(new ListPage(List.of(row("b", 1, 10), row("c", 1, 50)))));

    assertThat(merged).extracting(found -> found.id().key()).containsExactly("b", "a", "c");
  }

  @Test
  void keyThatMoves_isListedOnceAndAsItIsNewest() {
    List<LedgerRow> merged =
        ScatteredLedger.merged(
            query(null, 10),
            List.of(row("a", 1, 30)),
            List.of(new ListPage(List.of(row("a", 2, 10)))));

    assertThat(merged).containsExactly(row("a", 2, 10));
  }
}
