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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class VolatileLedgerTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private final VolatileLedger ledger = new VolatileLedger();
  private final Map<EntryId, VolatileLedger.Place> places = new ConcurrentHashMap<>();

  private static LedgerRow row(String namespace, String key, long expiresInSeconds) {
    return new LedgerRow(
        new EntryId(namespace, key), new Version(1, 1), NOW, NOW.plusSeconds(expiresInSeconds));
  }

  private void create(String namespace, String key, long expiresInSeconds) {
    move(null, row(namespace, key, expiresInSeconds));
  }

  private void move(@Nullable LedgerRow before, @Nullable LedgerRow after) {
    move(before, after, NOW);
  }

  private void move(@Nullable LedgerRow before, @Nullable LedgerRow after, Instant now) {
    EntryId id = Objects.requireNonNull(before == null ? after : before).id();
    place(id).apply(new LedgerChange(before, after, null, null, 0), now.toEpochMilli());
  }

  private VolatileLedger.Place place(EntryId id) {
    return places.computeIfAbsent(id, any -> ledger.place());
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
  void rowsPutOff_areListedOnceAtTheirNewDeadlines() {
    create("ns", "a", 10);
    create("ns", "b", 20);
    create("ns", "c", 30);

    move(row("ns", "a", 10), row("ns", "a", 19));
    move(row("ns", "b", 20), row("ns", "b", 39));
    move(row("ns", "c", 30), row("ns", "c", 50));

    assertThat(ledger.soonest("ns", 1)).containsExactly(new EntryId("ns", "a"));
    assertThat(keys("", 18L, null, 100)).isEmpty();
    assertThat(keys("", 40L, null, 100)).containsExactly("a", "b");
    assertThat(keys("", 60L, null, 100)).containsExactly("a", "b", "c");
    assertThat(keys("", 60L, new Position("a", NOW.plusSeconds(19)), 1)).containsExactly("b");
  }

  @Test
  void placeLost_takesItsRowAlong() {
    create("ns", "a", 10);
    create("ns", "b", 20);

    place(new EntryId("ns", "a")).clear();
    place(new EntryId("ns", "a")).clear();

    assertThat(keys("", null, null, 100)).containsExactly("b");
    assertThat(keys("", 60L, null, 100)).containsExactly("b");
    assertThat(ledger.standing()).isEqualTo(Map.of("ns", 1L));
  }

  static LongStream seeds() {
    Long seed = Long.getLong("mayfly.seed");
    return seed == null ? LongStream.range(0, 20) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void lists_areWhatASortOfAllRowsGives(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, LedgerRow> standing = new HashMap<>();
    long second = 0;
    for (int i = 0; i < 3_000; i++) {
      second += random.nextInt(2);
      String key = "k" + random.nextInt(50);
      LedgerRow before = standing.get(key);
      LedgerRow after =
          random.nextInt(10) == 0 ? null : row("ns", key, second + random.nextInt(200));
      if (before != null || after != null) {
        move(before, after, NOW.plusSeconds(second));
        standing.compute(key, (name, old) -> after);
      }
      if (random.nextInt(20) == 0) {
        Instant until = NOW.plusSeconds(second + random.nextInt(250));
        ListQuery query = new ListQuery("ns", "k", until, null, 1 + random.nextInt(60), NOW);
        assertThat(ledger.rows(query))
            .as("-Dmayfly.seed=%s, step %s", seed, i)
            .containsExactlyElementsOf(
                standing.values().stream()
                    .filter(row -> query.shows(row) && !row.expiresAt().isAfter(until))
                    .sorted(VolatileLedger.order(query))
                    .limit(query.limit())
                    .toList());
      }
    }
  }

  @Test
  void list_whileDeadlinesArePutOff_missesNoRow() throws Exception {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      create("ns", "k" + i, 60);
      all.add("k" + i);
    }
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (long later = 61; !over.get(); later++) {
                for (String key : all) {
                  move(row("ns", key, later - 1), row("ns", key, later), NOW.plusSeconds(later));
                }
              }
            });

    try {
      for (int i = 0; i < 2_000; i++) {
        assertThat(keys("", 1_000_000_000L, null, 1_000_000)).containsAll(all);
      }
    } finally {
      over.set(true);
      writer.get(10, TimeUnit.SECONDS);
    }
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
    ledger.place().apply(new LedgerChange(null, null, null, null, 7), 0);
    ledger.place().apply(new LedgerChange(null, null, null, null, 5), 0);

    assertThat(ledger.highestPurgedIncarnation()).isEqualTo(7);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
