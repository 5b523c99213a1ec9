package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.ListQuery.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class VolatileLedgerTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private final VolatileLedger ledger = new VolatileLedger();

  private static LedgerRow row(String namespace, String key, long expiresInSeconds) {
    return new LedgerRow(
        new EntryId(namespace, key), new Version(1, 1), NOW, NOW.plusSeconds(expiresInSeconds));
  }

  private void create(String namespace, String key, long expiresInSeconds) {
    move(null, row(namespace, key, expiresInSeconds));
  }

  private void move(@Nullable LedgerRow before, @Nullable LedgerRow after) {
    ledger.apply(new LedgerChange(before, after, null, null, 0));
  }

  private List<String> keys(
      String prefix, @Nullable Long withinSeconds, @Nullable Position after, int limit) {
    Instant until = withinSeconds == null ? null : NOW.plusSeconds(withinSeconds);
    return ledger
        .list(new ListQuery("ns", prefix, until, after, limit, NOW))
        .toCompletableFuture()
        .join()
        .stream()
        .map(listed -> listed.id().key())
        .toList();
  }

  @Test
  void keys_areListedInTheOrderOfTheirBytes() {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "a", "aa", "b", "B", "é", "e", "\ue000", "\uffee", "😀", "😁", "a😀", "a\uffee"));
    Collections.shuffle(keys, new Random(7));
    keys.forEach(key -> create("ns", key, 60));

    List<String> listed = keys("", null, null, 100);

    keys.sort((a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b)));
    assertThat(listed).isEqualTo(keys);
  }

  @Test
  void counts_areOfWhatStands() {
    create("ns", "a", 60);
    create("ns", "b", 60);
    create("ns2", "a", 60);
    move(row("ns", "a", 60), row("ns", "a", 90));
    move(row("ns", "b", 60), null);
    move(row("ns", "b", 60), null);
    move(row("ns2", "a", 60), null);

    assertThat(ledger.standing()).isEqualTo(Map.of("ns", 1L));
  }

  @Test
  void prefix_narrowsToItsKeysInItsNamespace() {
    create("ns", "a", 60);
    create("ns", "ab", 60);
    create("ns", "abc", 60);
    create("ns", "ac", 60);
    create("ns2", "ab", 60);

    assertThat(keys("ab", null, null, 100)).containsExactly("ab", "abc");
    assertThat(keys("x", null, null, 100)).isEmpty();
  }

  @Test
  void pages_joinWithoutGapOrOverlap() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      create("ns", "k%02d".formatted(i), 60);
      all.add("k%02d".formatted(i));
    }

    List<String> joined = new ArrayList<>();
    Position position = null;
    List<String> page = keys("k", null, position, 10);
    while (!page.isEmpty()) {
      joined.addAll(page);
      position = new Position(page.get(page.size() - 1), NOW.plusSeconds(60));
      page = keys("k", null, position, 10);
    }

    assertThat(joined).isEqualTo(all);
  }

  @Test
  void deadlines_orderAListByDeadlineAndPageThroughEqualOnes() {
    create("ns", "late", 90);
    create("ns", "b", 30);
    create("ns", "a", 30);
    create("ns", "first", 10);
    create("ns2", "other", 5);

    assertThat(keys("", 60L, null, 100)).containsExactly("first", "a", "b");
    assertThat(keys("", 90L, null, 100)).containsExactly("first", "a", "b", "late");
    assertThat(keys("", 90L, new Position("a", NOW.plusSeconds(30)), 1)).containsExactly("b");
    assertThat(keys("b", 90L, null, 100)).containsExactly("b");
  }

  @Test
  void renewalAndEnd_moveAndRemoveTheRow() {
    create("ns", "k", 10);

    move(row("ns", "k", 10), row("ns", "k", 50));
    assertThat(keys("", 20L, null, 100)).isEmpty();
    assertThat(keys("", 50L, null, 100)).containsExactly("k");
    move(row("ns", "k", 50), null);

    assertThat(keys("", null, null, 100)).isEmpty();
    assertThat(keys("", 90L, null, 100)).isEmpty();
  }

  @Test
  void rowsThatAreNotVisible_areNotListed() {
    LedgerRow early =
        new LedgerRow(
            new EntryId("ns", "early"), new Version(1, 1), NOW.plusMillis(1), NOW.plusSeconds(9));
    move(null, early);
    create("ns", "overdue", 0);
    create("ns", "visible", 1);

    assertThat(keys("", null, null, 100)).containsExactly("visible");
  }

  @Test
  void highestPurged_onlyGrows() {
    ledger.apply(new LedgerChange(null, null, null, null, 7));
    ledger.apply(new LedgerChange(null, null, null, null, 5));

    assertThat(ledger.highestPurgedIncarnation()).isEqualTo(7);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
