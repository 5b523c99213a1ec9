package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Drift;
import io.mayfly.protocol.ledger.JournalNames;
import io.mayfly.protocol.ledger.LedgerRounds;
import io.mayfly.protocol.ledger.LedgerRounds.Repair;
import io.mayfly.protocol.ledger.LedgerRounds.Stretch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RocksLedgerRoundsTest {
  private static final EntryId LIVE = new EntryId("ns", "live");
  private static final EntryId ENDED = new EntryId("ns", "ended");

  @TempDir private Path directory;
  private StoreFixture fixture;
  private Bookkeeping books;
  private LedgerFiles files;
  private LedgerRounds rounds;

  @BeforeEach
  void open() {
    fixture = new StoreFixture(directory);
    books = new Bookkeeping(fixture.probe());
    files = new LedgerFiles(fixture.store());
    rounds = RocksLedgerRounds.of(fixture.system(), new JournalNames(Bookkeeping.PREFIX));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void round_overASoundLedger_repairsNothing() {
    writeEveryKindOfHistory();
    Map<String, String> before = files.rows();

    assertThat(round()).isEmpty();
    assertThat(files.rows()).isEqualTo(before);
  }

  @Test
  void round_inStretchesWithoutTime_goesOnToTheEnd() {
    for (int i = 0; i < 100; i++) {
      books.write(new EntryId("ns", "k" + i), i);
    }
    List<byte[]> listed = files.keys(Column.LISTING);
    files.delete(Column.LISTING, listed.get(99));

    int stretches = 0;
    List<Repair> repairs = new ArrayList<>();
    Stretch stretch;
    do {
      stretch = next(Duration.ZERO);
      repairs.addAll(stretch.repairs());
      stretches++;
    } while (!stretch.last());

    assertThat(stretches).isGreaterThan(10);
    assertThat(repairs).extracting(Repair::drift).containsExactly(Drift.MISSING_LISTING);
  }

  static Stream<Arguments> drifts() {
    return Stream.of(
        Arguments.of(Column.LISTING, "lost", List.of(Drift.MISSING_LISTING)),
        Arguments.of(Column.LISTING, "spoilt", List.of(Drift.WRONG_LISTING)),
        Arguments.of(Column.LISTING, "added", List.of(Drift.EXTRA_LISTING)),
        Arguments.of(Column.EXPIRY, "lost", List.of(Drift.MISSING_EXPIRY)),
        Arguments.of(Column.EXPIRY, "spoilt", List.of(Drift.WRONG_EXPIRY)),
        Arguments.of(Column.EXPIRY, "added", List.of(Drift.EXTRA_EXPIRY)),
        Arguments.of(Column.EXPIRY, "moved", List.of(Drift.MISSING_EXPIRY, Drift.EXTRA_EXPIRY)),
        Arguments.of(Column.WAKE, "lost", List.of(Drift.MISSING_WAKE)),
        Arguments.of(Column.WAKE, "added", List.of(Drift.EXTRA_WAKE)),
        Arguments.of(Column.WAKE, "moved", List.of(Drift.MISSING_WAKE, Drift.EXTRA_WAKE)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("drifts")
  void round_overOneDrift_repairsAndCountsIt(Column column, String damage, List<Drift> kinds) {
    writeEveryKindOfHistory();
    Map<String, String> truth = files.rows();
    byte[] key = files.keys(column).get(0);
    byte[] value = files.get(column, key);
    byte[] other = key.clone();
    // In WAKE and EXPIRY the middle is an instant, in LISTING it is the key.
    other[column == Column.LISTING ? key.length - 1 : column == Column.WAKE ? 8 : 10]++;

    switch (damage) {
      case "lost" -> files.delete(column, key);
      case "spoilt" -> files.put(column, key, new byte[value.length]);
      case "added" -> files.put(column, other, value);
      default -> {
        files.delete(column, key);
        files.put(column, other, value);
      }
    }
    assertThat(files.rows()).isNotEqualTo(truth);

    assertThat(round()).extracting(Repair::drift).containsExactlyInAnyOrderElementsOf(kinds);
    assertThat(files.rows()).isEqualTo(truth);
    assertThat(round()).isEmpty();
  }

  @Test
  void round_overARowOfAnEndedEntry_removesAndErasesIt() {
    books.write(ENDED, 10);
    Map<String, String> standing = files.rows();
    byte[] listing = files.keys(Column.LISTING).get(0);
    byte[] value = files.get(Column.LISTING, listing);
    books.end(ENDED, 60);
    Map<String, String> truth = files.rows();
    files.put(Column.LISTING, listing, value);

    assertThat(round()).extracting(Repair::drift).containsExactly(Drift.EXTRA_LISTING);
    assertThat(files.rows()).isEqualTo(truth).isNotEqualTo(standing);
    assertThat(fixture.store().erasure().isRequested()).isTrue();
  }

  @Test
  void round_overExtraRowsThatAgreeWithEachOther_removesThem() {
    books.write(LIVE, 10);
    Map<String, String> truth = files.rows();
    for (Column column : ExpectedRows.LEDGER) {
      byte[] key = files.keys(column).get(0);
      byte[] other = Arrays.copyOf(key, key.length + 1);
      other[key.length] = 'x';
      files.put(column, other, files.get(column, key));
    }

    assertThat(round())
        .extracting(Repair::drift)
        .containsExactlyInAnyOrder(Drift.EXTRA_LISTING, Drift.EXTRA_EXPIRY, Drift.EXTRA_WAKE);
    assertThat(files.rows()).isEqualTo(truth);
  }

  @Test
  void round_overRowsThatNobodyCanRead_removesThem() {
    books.write(LIVE, 10);
    Map<String, String> truth = files.rows();
    ExpectedRows.LEDGER.forEach(
        column -> files.put(column, new byte[] {'n', 's', 1}, new byte[] {1}));

    assertThat(round())
        .extracting(Repair::drift)
        .containsExactlyInAnyOrder(Drift.EXTRA_LISTING, Drift.EXTRA_EXPIRY, Drift.EXTRA_WAKE);
    assertThat(files.rows()).isEqualTo(truth);
  }

  @Test
  void round_overEventsThatCannotBeRead_saysSoAndLeavesTheirRows() {
    books.write(LIVE, 10);
    fixture.probe().write(Bookkeeping.name(LIVE), 2, Noted.of("unreadable"));
    byte[] listing = files.keys(Column.LISTING).get(0);
    files.delete(Column.LISTING, listing);
    Map<String, String> damaged = files.rows();

    List<Repair> repairs = round();

    assertThat(repairs).isNotEmpty();
    assertThat(repairs).extracting(Repair::drift).containsOnly(Drift.UNREADABLE);
    assertThat(files.rows()).isEqualTo(damaged);
  }

  @Test
  void round_afterRandomHistoriesAndRandomDamage_restoresTheLedger() {
    Random random = Seeds.random();
    List<EntryId> ids =
        IntStream.range(0, 60).mapToObj(i -> new EntryId("ns" + i % 3, "k\u00e9y" + i)).toList();
    for (int i = 0; i < 1_500; i++) {
      books.step(ids.get(random.nextInt(ids.size())), random);
    }
    Map<String, String> truth = files.rows();
    assertThat(round()).isEmpty();

    for (int i = 0; i < 80; i++) {
      files.damage(random);
    }
    assertThat(files.rows()).isNotEqualTo(truth);

    assertThat(round()).isNotEmpty();
    assertThat(files.rows()).isEqualTo(truth);
    assertThat(round()).isEmpty();
  }

  @Test
  void rounds_besideWriters_repairOnlyWhatWasDamaged() {
    Random random = Seeds.random();
    List<EntryId> quiet = ids("quiet", 200);
    quiet.forEach(id -> books.write(id, 50));
    List<EntryId> busy = ids("busy", 50);
    CompletableFuture<Bookkeeping> writing =
        CompletableFuture.supplyAsync(
            () -> {
              Bookkeeping other = new Bookkeeping(new JournalProbe(fixture.system()));
              for (int i = 0; i < 6_000; i++) {
                other.step(busy.get(random.nextInt(busy.size())), random);
              }
              return other;
            });
    List<Repair> repairs = new ArrayList<>();
    int damaged = 0;
    do {
      byte[] listing =
          Keys.listing(new ByteWriter(64), "ns", quiet.get(damaged % 200).key()).toBytes();
      files.delete(Column.LISTING, listing);
      damaged++;
      repairs.addAll(round());
    } while (!writing.isDone());
    writing.join();

    assertThat(repairs).extracting(Repair::drift).containsOnly(Drift.MISSING_LISTING);
    assertThat(repairs).hasSize(damaged);
    assertThat(repairs).allMatch(repair -> quiet.contains(repair.id()));
    assertThat(round()).isEmpty();
  }

  @Test
  void round_besideWritersOfDamagedKeys_endsInWhatTheJournalSays() {
    Random random = Seeds.random();
    List<EntryId> busy = ids("busy", 30);
    CompletableFuture<Bookkeeping> writing =
        CompletableFuture.supplyAsync(
            () -> {
              Bookkeeping other = new Bookkeeping(new JournalProbe(fixture.system()));
              Random steps = new Random(random.nextLong());
              for (int i = 0; i < 4_000; i++) {
                other.step(busy.get(steps.nextInt(busy.size())), steps);
              }
              return other;
            });
    Random damage = new Random(random.nextLong());
    while (!writing.isDone()) {
      files.damage(damage);
      round();
    }
    writing.join();

    round();

    assertThat(round()).isEmpty();
  }

  private void writeEveryKindOfHistory() {
    fixture.probe().write("stranger", 1, "a text");
    books.write(LIVE, 10);
    books.write(LIVE, 20);
    books.note(LIVE);
    books.write(ENDED, 10);
    books.end(ENDED, 60);
    EntryId kept = new EntryId("ns", "snapshot");
    books.write(kept, 30);
    books.snapshot(kept);
    EntryId noted = new EntryId("ns", "snapshot-and-note");
    books.write(noted, 30);
    books.snapshot(noted);
    books.note(noted);
    EntryId tombstone = new EntryId("ns", "tombstone-in-snapshot");
    books.write(tombstone, 30);
    books.end(tombstone, 40);
    books.snapshot(tombstone);
    EntryId purged = new EntryId("ns", "purged");
    books.write(purged, 30);
    books.end(purged, 40);
    books.purge(purged);
    books.write(new EntryId("ns.a", "live"), 15);
    books.write(new EntryId("ns-a", "live"), 15);
  }

  private static List<EntryId> ids(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> new EntryId("ns", name + i)).toList();
  }

  /** Runs one round, from its beginning to its end. */
  private List<Repair> round() {
    List<Repair> repairs = new ArrayList<>();
    Stretch stretch;
    do {
      stretch = next(Duration.ofMillis(5));
      repairs.addAll(stretch.repairs());
    } while (!stretch.last());
    return repairs;
  }

  private Stretch next(Duration budget) {
    return rounds.next(budget).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
