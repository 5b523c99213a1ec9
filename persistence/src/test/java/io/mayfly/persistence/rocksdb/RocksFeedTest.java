package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksFeedTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir private Path directory;
  private StoreFixture fixture;
  private RocksFeed feed;

  @BeforeEach
  void open() {
    fixture = new StoreFixture(directory);
    feed = RocksFeed.of(fixture.system(), namespace -> "entry/" + namespace);
    RocksFeed.age(fixture.system(), () -> Instant.EPOCH);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void write(String namespace, String key, long revision) {
    fixture
        .probe()
        .write(
            namespace + '/' + key,
            revision,
            JournalProbe.tagged(told(namespace, key, revision), "entry/" + namespace));
  }

  private static Noted told(String namespace, String key, long revision) {
    return Noted.of(namespace + ' ' + key + ' ' + revision);
  }

  private Optional<FeedPage> after(String namespace, long position, int limit) {
    return feed.after(namespace, position, limit).toCompletableFuture().join();
  }

  private static List<String> texts(List<Fed> events) {
    return events.stream()
        .map(fed -> (FeedEvent.OfEntry) fed.event())
        .map(told -> told.name() + ' ' + told.event().version().revision())
        .toList();
  }

  @Test
  void pages_tellANamespaceInOrder() {
    write("ns", "a", 1);
    write("other", "x", 1);
    write("ns", "b", 1);
    write("ns", "a", 2);

    FeedPage first = after("ns", 0, 2).orElseThrow();
    FeedPage rest = after("ns", first.next(), 2).orElseThrow();

    assertThat(texts(first.events())).containsExactly("a 1", "b 1");
    assertThat(first.more()).isTrue();
    assertThat(texts(rest.events())).containsExactly("a 2");
    assertThat(rest.more()).isFalse();
    assertThat(rest.next()).isEqualTo(feed.end("ns"));
  }

  @Test
  void position_beyondTheEnd_isNotKept() {
    write("ns", "a", 1);

    assertThat(after("ns", feed.end("ns") + 1, 1)).isEmpty();
    assertThat(after("ns", -1, 1)).isEmpty();
  }

  @Test
  void listener_isToldWhatPagesTell() throws Exception {
    List<Fed> heard = new ArrayList<>();
    write("ns", "a", 1);
    long from = feed.end("ns");
    try (AutoCloseable listening = feed.listen("ns", heard::addAll)) {
      assertThat(listening).isNotNull();
      write("ns", "a", 2);
      write("other", "x", 1);
      write("ns", "b", 1);
    }
    write("ns", "c", 1);

    assertThat(texts(heard)).containsExactly("a 2", "b 1");
    assertThat(heard).isEqualTo(after("ns", from, 10).orElseThrow().events().subList(0, 2));
  }

  @Test
  void purge_compactsWhatLiesBeforeTheLastEventOfTheKey() {
    write("ns", "a", 1);
    write("ns", "b", 1);
    write("ns", "a", 2);
    long end = feed.end("ns");
    write("other", "x", 1);

    fixture.probe().write("ns/a", 3, Noted.purge(7));

    assertThat(after("ns", end - 1, 10)).isEmpty();
    assertThat(after("ns", end, 10).orElseThrow().events()).isEmpty();
    assertThat(after("other", 0, 10).orElseThrow().events()).hasSize(1);
  }

  @Test
  void aging_overAReopen_isRemembered() {
    write("ns", "a", 1);
    write("ns", "a", 2);
    long end = feed.end("ns");
    FeedAging aging = new FeedAging(fixture.store());

    aging.forget(aging.find(0, end, 10));
    fixture.close();
    open();

    assertThat(after("ns", end - 2, 10)).isEmpty();
    assertThat(texts(after("ns", end - 1, 10).orElseThrow().events())).containsExactly("a 2");
    write("ns", "a", 3);
    assertThat(texts(after("ns", end, 10).orElseThrow().events())).containsExactly("a 3");
  }

  @Test
  void series_isTheStores() {
    String series = feed.series("ns");
    fixture.close();
    open();

    assertThat(feed.series("ns")).isEqualTo(series).matches("[0-9a-f]{8}");
  }

  @Test
  void standing_isAsOfItsPosition() {
    LedgerRow row =
        new LedgerRow(new EntryId("ns", "a"), new Version(7, 1), NOW, NOW.plusSeconds(60));
    fixture.probe().write("ns/a", 1, Noted.of(new LedgerChange(null, row, null, null, 0)));

    var standing =
        feed.standing(new ListQuery("ns", "", null, null, 10, NOW)).toCompletableFuture().join();

    assertThat(standing.rows()).containsExactly(row);
    assertThat(standing.position()).isEqualTo(feed.end("ns"));
  }
}
