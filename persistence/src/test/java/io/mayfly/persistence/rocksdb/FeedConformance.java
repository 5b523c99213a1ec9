package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What every feed does, whatever it is kept in. */
public abstract class FeedConformance {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  /** The feed. */
  protected abstract Feed feed();

  /** Speaks to the journal whose feed it is. */
  protected abstract JournalProbe probe();

  /** Waits until those who listen have been told of everything. */
  protected abstract void awaitTold() throws Exception;

  /** Lets the feed forget everything before a position, except for that which lies right before. */
  protected abstract void forgetBefore(long position) throws Exception;

  /** Closes the store, and opens it again. */
  protected abstract void reopen();

  /** The tag of a namespace's events. */
  protected static String tag(String namespace) {
    return "entry/" + namespace;
  }

  /** Stores an event. */
  protected final void write(String namespace, String key, long revision) {
    probe()
        .write(
            namespace + '/' + key,
            revision,
            JournalProbe.tagged(told(namespace, key, revision), tag(namespace)));
  }

  /** An event that the feed tells. */
  protected static Noted told(String namespace, String key, long revision) {
    return Noted.of(namespace + ' ' + key + ' ' + revision);
  }

  /** A page of the feed. */
  protected final Optional<FeedPage> after(String namespace, long position, int limit) {
    return feed().after(namespace, position, limit).toCompletableFuture().join();
  }

  /** Keys and revisions. */
  protected static List<String> texts(List<Fed> events) {
    return events.stream()
        .map(fed -> (FeedEvent.OfEntry) fed.event())
        .map(told -> told.name() + ' ' + told.event().version().revision())
        .toList();
  }

  private long end(String namespace) {
    return feed().now(namespace).toCompletableFuture().join();
  }

  @Test
  protected final void pages_tellANamespaceInOrder() {
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
    assertThat(rest.next()).isEqualTo(end("ns"));
  }

  @Test
  protected final void position_beyondTheEnd_isNotKept() {
    write("ns", "a", 1);

    assertThat(after("ns", end("ns") + 1, 1)).isEmpty();
    assertThat(after("ns", -1, 1)).isEmpty();
  }

  @Test
  protected final void listener_isToldWhatPagesTell() throws Exception {
    List<Fed> heard = new CopyOnWriteArrayList<>();
    write("ns", "a", 1);
    awaitTold();
    long from = end("ns");
    try (AutoCloseable listening = feed().listen("ns", heard::addAll)) {
      assertThat(listening).isNotNull();
      write("ns", "a", 2);
      write("other", "x", 1);
      write("ns", "b", 1);
      awaitTold();
    }
    write("ns", "c", 1);
    awaitTold();

    assertThat(texts(heard)).containsExactly("a 2", "b 1");
    assertThat(heard).isEqualTo(after("ns", from, 10).orElseThrow().events().subList(0, 2));
  }

  @Test
  protected final void purge_compactsWhatLiesBeforeTheLastEventOfTheKey() {
    write("ns", "a", 1);
    write("ns", "b", 1);
    write("ns", "a", 2);
    long end = end("ns");
    write("other", "x", 1);

    probe().write("ns/a", 3, Noted.purge(7));

    assertThat(after("ns", end - 1, 10)).isEmpty();
    assertThat(after("ns", end, 10).orElseThrow().events()).isEmpty();
    assertThat(after("other", 0, 10).orElseThrow().events()).hasSize(1);
  }

  @Test
  protected final void aging_overAReopen_isRemembered() throws Exception {
    write("ns", "a", 1);
    write("ns", "a", 2);
    long end = end("ns");

    forgetBefore(end);
    reopen();

    assertThat(after("ns", end - 2, 10)).isEmpty();
    assertThat(texts(after("ns", end - 1, 10).orElseThrow().events())).containsExactly("a 2");
    write("ns", "a", 3);
    assertThat(texts(after("ns", end, 10).orElseThrow().events())).containsExactly("a 3");
  }

  @Test
  protected final void series_isTheStores() {
    String series = feed().series("ns");
    reopen();

    assertThat(feed().series("ns")).isEqualTo(series).matches("[0-9a-f]{8}");
  }

  @Test
  protected final void standing_isAsOfItsPosition() {
    LedgerRow row =
        new LedgerRow(new EntryId("ns", "a"), new Version(7, 1), NOW, NOW.plusSeconds(60));
    probe().write("ns/a", 1, Noted.of(new LedgerChange(null, row, null, null, 0)));

    var standing =
        feed().standing(new ListQuery("ns", "", null, null, 10, NOW)).toCompletableFuture().join();

    assertThat(standing.rows()).containsExactly(row);
    assertThat(standing.position()).isEqualTo(end("ns"));
  }
}
