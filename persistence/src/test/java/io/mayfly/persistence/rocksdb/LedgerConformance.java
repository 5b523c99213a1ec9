package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every ledger does. A store's test says how its ledger is filled. */
public abstract class LedgerConformance {
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

  /** The ledger of an empty store. */
  protected abstract Ledger ledger();

  /** Journals an event that makes this change; returns when it is journaled. */
  protected abstract void record(String persistenceId, LedgerChange change);

  @Test
  final void list_byKey_followsTheBytesOfUtf8() {
    List<String> ordered = List.of("a", "a!", "aa", "b", "é", "\uffee", "\ud83d\ude00");
    List.of("b", "\ud83d\ude00", "aa", "\uffee", "a", "é", "a!").forEach(key -> add(key, 60));

    List<String> keys = keys(query("", null, null, 100));

    assertThat(keys).isEqualTo(ordered);
  }

  @Test
  final void list_withPrefix_namesOnlyKeysThatStartWithIt() {
    List.of("a", "ab", "abc", "abd", "ac", "b").forEach(key -> add(key, 60));

    assertThat(keys(query("ab", null, null, 100))).containsExactly("ab", "abc", "abd");
    assertThat(keys(query("x", null, null, 100))).isEmpty();
  }

  @Test
  final void list_resumedAfterAKey_missesAndRepeatsNothing() {
    List.of("a", "ab", "abc", "abd", "b").forEach(key -> add(key, 60));

    assertThat(pages("", null, 2)).containsExactly("a", "ab", "abc", "abd", "b");
    assertThat(pages("ab", null, 1)).containsExactly("ab", "abc", "abd");
  }

  @Test
  final void list_ofANamespace_hidesTheOthers() {
    add("a", 60);
    record("ns2/x", change(null, row("ns2", "x", 60), null, null));
    record("ns.a/y", change(null, row("ns.a", "y", 60), null, null));

    assertThat(keys(query("", null, null, 100))).containsExactly("a");
  }

  @Test
  final void list_atAnInstant_showsOnlyWhatIsVisibleThen() {
    add("past", 0);
    add("next", 1);
    record("ns/later", change(null, notBefore("later", 30, 60), null, null));

    assertThat(keys(query("", null, null, 100))).containsExactly("next");
    assertThat(keys(query("", NOW.plusSeconds(100), null, 100))).containsExactly("next");
    assertThat(keys(queryAt(NOW.plusSeconds(30)))).containsExactly("later");
    assertThat(keys(queryAt(NOW.plusSeconds(60)))).isEmpty();
  }

  @Test
  final void list_byDeadline_isOrderedByDeadlineThenKeyAndEndsThere() {
    add("late", 50);
    add("b", 20);
    add("a", 20);
    add("early", 10);
    add("beyond", 51);

    assertThat(keys(query("", NOW.plusSeconds(50), null, 100)))
        .containsExactly("early", "a", "b", "late");
    assertThat(pages("", NOW.plusSeconds(50), 1)).containsExactly("early", "a", "b", "late");
    assertThat(keys(query("la", NOW.plusSeconds(50), null, 100))).containsExactly("late");
  }

  @Test
  final void list_afterAChange_showsTheNewRowOnly() {
    LedgerRow first = row("ns", "a", 10);
    LedgerRow second = new LedgerRow(first.id(), new Version(7, 2), NOW, NOW.plusSeconds(20));
    record("ns/a", change(null, first, null, null));

    record("ns/a", change(first, second, null, null));

    assertThat(list(query("", null, null, 100))).containsExactly(second);
    assertThat(list(query("", NOW.plusSeconds(100), null, 100))).containsExactly(second);
  }

  @Test
  final void list_afterTheEntryEnded_showsNothing() {
    LedgerRow row = row("ns", "a", 10);
    record("ns/a", change(null, row, null, null));

    record("ns/a", change(row, null, null, null));

    assertThat(list(query("", null, null, 100))).isEmpty();
    assertThat(list(query("", NOW.plusSeconds(100), null, 100))).isEmpty();
  }

  @Test
  final void due_ofASlice_isOrderedBoundedAndInclusive() {
    String id = "ns/a";
    String other = otherInSlice(id);
    Instant precise = NOW.plusNanos(1);
    record(id, change(null, null, null, NOW));
    record(other, change(null, null, null, precise));

    assertThat(due(id, NOW, precise, 10)).containsExactly(new Wake(id, NOW), wake(other, precise));
    assertThat(due(id, NOW, NOW, 10)).containsExactly(new Wake(id, NOW));
    assertThat(due(id, precise, precise, 10)).containsExactly(wake(other, precise));
    assertThat(due(id, NOW, precise, 1)).containsExactly(new Wake(id, NOW));
    assertThat(due(id, Instant.MIN, Instant.MAX, 10)).hasSize(2);
  }

  @Test
  final void due_pagedThroughOneInstant_namesEachWakeOnce() {
    List<String> ids = inOneSlice(5);
    ids.forEach(id -> record(id, change(null, null, null, NOW)));
    int slice = Ledger.sliceOf(ids.get(0));
    List<Wake> seen = new ArrayList<>();

    List<Wake> page = due(slice, Wake.before(NOW), NOW, 2);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(2);
      seen.addAll(page);
      page = due(slice, page.get(page.size() - 1), NOW, 2);
    }

    assertThat(seen).isEqualTo(ids.stream().sorted().map(id -> wake(id, NOW)).toList());
  }

  @Test
  final void due_afterTheWakeMoved_namesTheNewInstantOnly() {
    record("ns/a", change(null, null, null, NOW));

    record("ns/a", change(null, null, NOW, NOW.plusSeconds(5)));

    assertThat(due("ns/a", NOW, NOW.plusSeconds(9), 10))
        .containsExactly(wake("ns/a", NOW.plusSeconds(5)));
  }

  @Test
  final void due_afterTheWakeWasTakenBack_namesNothing() {
    record("ns/a", change(null, null, null, NOW));

    record("ns/a", change(null, null, NOW, null));

    assertThat(due("ns/a", Instant.EPOCH, NOW.plusSeconds(9), 10)).isEmpty();
  }

  @Test
  final void highestPurgedIncarnation_afterPurges_isTheHighest() {
    assertThat(ledger().highestPurgedIncarnation()).isZero();

    record("ns/a", new LedgerChange(null, null, null, null, 7));
    record("ns/b", new LedgerChange(null, null, null, null, 5));

    assertThat(ledger().highestPurgedIncarnation()).isEqualTo(7);
  }

  @Test
  final void purge_ofAnEntry_removesItsRows() {
    LedgerRow row = row("ns", "a", 10);
    record("ns/a", change(null, row, null, NOW));

    record("ns/a", new LedgerChange(row, null, NOW, null, 7));

    assertThat(list(query("", null, null, 100))).isEmpty();
    assertThat(list(query("", NOW.plusSeconds(100), null, 100))).isEmpty();
    assertThat(due("ns/a", Instant.EPOCH, NOW.plusSeconds(9), 10)).isEmpty();
  }

  private void add(String key, int seconds) {
    record("ns/" + key, change(null, row("ns", key, seconds), null, null));
  }

  private List<String> pages(String prefix, @Nullable Instant until, int limit) {
    List<String> keys = new ArrayList<>();
    ListQuery.Position after = null;
    while (true) {
      List<LedgerRow> page = list(query(prefix, until, after, limit));
      if (page.isEmpty()) {
        return keys;
      }
      assertThat(page).hasSizeLessThanOrEqualTo(limit);
      page.forEach(row -> keys.add(row.id().key()));
      LedgerRow last = page.get(page.size() - 1);
      after = new ListQuery.Position(last.id().key(), last.expiresAt());
    }
  }

  private List<LedgerRow> list(ListQuery query) {
    return ledger().list(query).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private List<String> keys(ListQuery query) {
    return list(query).stream().map(row -> row.id().key()).toList();
  }

  private List<Wake> due(String id, Instant from, Instant until, int limit) {
    return due(Ledger.sliceOf(id), Wake.before(from), until, limit);
  }

  private List<Wake> due(int slice, Wake after, Instant until, int limit) {
    return ledger()
        .due(slice, after, until, limit)
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private static ListQuery query(
      String prefix, @Nullable Instant until, ListQuery.@Nullable Position after, int limit) {
    return new ListQuery("ns", prefix, until, after, limit, NOW);
  }

  private static ListQuery queryAt(Instant now) {
    return new ListQuery("ns", "l", null, null, 100, now);
  }

  private static LedgerRow row(String namespace, String key, int seconds) {
    return new LedgerRow(
        new EntryId(namespace, key), new Version(7, 1), NOW, NOW.plusSeconds(seconds));
  }

  private static LedgerRow notBefore(String key, int from, int to) {
    return new LedgerRow(
        new EntryId("ns", key), new Version(7, 1), NOW.plusSeconds(from), NOW.plusSeconds(to));
  }

  private static LedgerChange change(
      @Nullable LedgerRow before,
      @Nullable LedgerRow after,
      @Nullable Instant wakeBefore,
      @Nullable Instant wakeAfter) {
    return new LedgerChange(before, after, wakeBefore, wakeAfter, 0);
  }

  private static Wake wake(String id, Instant at) {
    return new Wake(id, at);
  }

  private static List<String> inOneSlice(int count) {
    return IntStream.iterate(0, number -> number + 1)
        .mapToObj(number -> "ns/key" + number)
        .filter(id -> Ledger.sliceOf(id) == 0)
        .limit(count)
        .toList();
  }

  private static String otherInSlice(String id) {
    int number = 0;
    while (Ledger.sliceOf("ns/other" + number) != Ledger.sliceOf(id)) {
      number++;
    }
    return "ns/other" + number;
  }
}
