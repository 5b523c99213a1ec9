package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ErasureTest {
  private static final String KEY = "vanishing-key";
  private static final String ID = "entry|ns/" + KEY;
  private static final String VALUE = "secret-value";
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

  @TempDir private Path directory;

  @Test
  void purge_amongManyOtherIds_leavesTheFilesByItself() {
    try (StoreFixture fixture = new StoreFixture(impatient(directory))) {
      for (int i = 0; i < 500; i++) {
        fixture.probe().write("kept" + i, 1, JournalProbe.tagged(Noted.of("value" + i), "tag"));
      }

      purgeEntry(fixture);

      awaitNoTrace(fixture, directory);
      assertThat(fixture.probe().replay("kept7").texts()).containsExactly("value7");
    }
  }

  @Test
  void erase_ofDeletedEvents_keepsTheOthers() {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      fixture.probe().write("id", 1, Noted.of("one"), Noted.of("two"));
      fixture.probe().delete("id", 1);
      fixture.store().erasure().erase();
    }

    try (StoreFixture fixture = new StoreFixture(directory)) {
      assertThat(fixture.probe().replay("id"))
          .isEqualTo(new JournalProbe.Replayed(List.of("two"), 2));
    }
  }

  @Test
  void erase_ofAPurgedEntry_leavesNeitherNameNorValueInAnyFile() {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      fixture.probe().write("kept", 1, Noted.of("value"));
      purgeEntry(fixture);

      fixture.store().erasure().erase();

      awaitNoTrace(fixture, directory);
    }
    assertThat(traces(directory)).isEmpty();
  }

  @Test
  void erase_ofWhatTheFeedForgot_leavesNeitherNameNorValueInAnyFile() {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      fixture.probe().write("kept", 1, JournalProbe.tagged(Noted.of("value"), "tag"));
      fixture.probe().write(KEY, 1, JournalProbe.tagged(Noted.of(VALUE), "tag"));
      fixture.store().database().flush();
      fixture.probe().delete(KEY, 1);
      FeedAging aging = new FeedAging(fixture.store());
      aging.forget(aging.find(null, Long.MAX_VALUE, 0, 100));
      fixture.probe().write(KEY, 2, Noted.of(new LedgerChange(null, null, null, null, 7)));

      fixture.store().erasure().erase();

      awaitNoTrace(fixture, directory);
      assertThat(fixture.probe().replay("kept").texts()).containsExactly("value");
    }
  }

  @Test
  void open_afterAStopBeforeThePass_erasesByItself() {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      fixture.probe().write("kept", 1, Noted.of("value"));
      fixture.store().database().flush();
      purgeEntry(fixture);
    }
    assertThat(traces(directory)).isNotEmpty();

    try (StoreFixture fixture = new StoreFixture(impatient(directory))) {
      awaitNoTrace(fixture, directory);

      assertThat(fixture.probe().replay("kept").texts()).containsExactly("value");
    }
    assertThat(traces(directory)).isEmpty();
  }

  @Test
  void open_afterAKillBeforeThePass_erasesByItself(@TempDir Path other) {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      fixture.probe().write("kept", 1, Noted.of("value"));
      purgeEntry(fixture);
      TestStores.copy(directory, other.resolve("killed"));
    }
    Path killed = other.resolve("killed");
    assertThat(traces(killed)).isNotEmpty();

    try (StoreFixture fixture = new StoreFixture(impatient(killed))) {
      awaitNoTrace(fixture, killed);
    }
  }

  @Test
  void erase_firstAfterAnOpen_coversWhatWasMovedBeforeIt() {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      fixture.probe().write(ID, 1, Noted.of(wake(null, NOW)));
      fixture.store().database().flush();
      fixture.probe().write(ID, 2, Noted.of(wake(NOW, NOW.plusSeconds(9))));
    }

    try (StoreFixture fixture = new StoreFixture(directory)) {
      fixture
          .probe()
          .write(ID, 3, Noted.of(new LedgerChange(null, null, NOW.plusSeconds(9), null, 7)));
      fixture.store().erasure().erase();

      awaitNoTrace(fixture, directory);
    }
  }

  @Test
  void open_afterAPass_owesNothing() {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      purgeEntry(fixture);
      assertThat(fixture.store().erasure().isRequested()).isTrue();
      fixture.store().erasure().erase();
    }

    try (StoreFixture fixture = new StoreFixture(directory)) {
      assertThat(fixture.store().erasure().isRequested()).isFalse();
    }
  }

  /** Writes an entry as events, rows and a snapshot, some of it to tables, and purges it. */
  private static void purgeEntry(StoreFixture fixture) {
    JournalProbe probe = fixture.probe();
    LedgerRow row = new LedgerRow(new EntryId("ns", KEY), new Version(7, 1), NOW, NOW);
    probe.write(ID, 1, Noted.of(new LedgerChange(null, row, null, NOW, 0)), Noted.of(VALUE));
    fixture.store().database().flush();
    probe.write(ID, 3, JournalProbe.tagged(Noted.of(VALUE), "tag"));
    probe.saveSnapshot(ID, 3, VALUE);
    probe.write(ID, 4, Noted.of(new LedgerChange(row, null, NOW, null, 7)));
  }

  private static LedgerChange wake(@Nullable Instant from, Instant to) {
    return new LedgerChange(null, null, from, to, 0);
  }

  private static RocksStore impatient(Path directory) {
    return RocksStore.open(
        directory,
        StoreSettings.from(
            ConfigFactory.parseString(StoreSettings.PATH + ".erasure.interval = 50ms")
                .withFallback(TestStores.config())));
  }

  /** RocksDB deletes files that it needs no more a little after the change that says so. */
  private static void awaitNoTrace(StoreFixture fixture, Path directory) {
    fixture
        .probe()
        .kit()
        .awaitAssert(
            Duration.ofSeconds(20),
            () -> {
              assertThat(traces(directory)).isEmpty();
              return true;
            });
  }

  private static List<String> traces(Path directory) {
    return Stream.of(KEY, VALUE)
        .flatMap(text -> TestStores.filesContaining(directory, text).stream())
        .toList();
  }
}
