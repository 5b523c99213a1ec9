package io.mayfly.http;

import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.HistoryEvent.Kind;
import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.feed.Standing;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What a watcher reads from the feed itself: events that its channel no longer holds, and the
 * entries that stand.
 *
 * <p>Entries are told in the order of their keys, page by page. Between two pages the changes of
 * the keys told so far are told, up to the position of the next page: so at every point all keys up
 * to the frontier are known as of one position, and an id needs to say nothing more than these two
 * (Andreakis and Papapanagiotou, DBLog, 2020, has the idea of such interleaving).
 */
final class WatchPages {
  private static final int EVENTS = 500;
  private static final int ROWS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Feeds feeds;
  private final Entries entries;
  private final InstantSource clock;
  private final HttpSettings settings;

  /**
   * A part of a stream.
   *
   * @param bytes empty when nothing in it was wanted
   * @param position where the watcher stands after it
   */
  record Told(ByteString bytes, WatchPosition position) {}

  WatchPages(HttpApi.Ports ports, HttpSettings settings) {
    this.feeds = ports.feeds();
    this.entries = ports.entries();
    this.clock = ports.clock();
    this.settings = settings;
  }

  /** The events after a position; empty when some are no longer kept. */
  CompletionStage<Optional<FeedPage>> after(WatchTopic topic, long position) {
    return topic.subject().feed(feeds).after(topic.namespace(), position, EVENTS);
  }

  /** The next page of entries behind the frontier, after the changes before it. */
  CompletionStage<Optional<Told>> standing(
      WatchSource.Watch watch, String series, WatchPosition from) {
    Instant now = clock.instant();
    String frontier = from.frontier();
    ListQuery.Position after =
        frontier == null || frontier.isEmpty() ? null : new ListQuery.Position(frontier, now);
    WatchFilter filter = watch.filter();
    String prefix = filter.name() == null ? filter.prefix() : filter.name();
    ListQuery query =
        new ListQuery(
            watch.topic().namespace(), prefix, null, after, ROWS, now, /* pending= */ true);
    return feeds
        .entries()
        .standing(query)
        .thenCompose(
            standing -> {
              Part part = new Part(watch, series, from, standing, now);
              return part.changes().thenCompose(known -> known ? part.rows() : nothing());
            });
  }

  private static CompletionStage<Optional<Told>> nothing() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** One page on its way into the stream. */
  private final class Part {
    private final WatchSource.Watch watch;
    private final String series;
    private final WatchPosition from;
    private final Standing standing;
    private final Instant now;
    private final WatchChunk chunk = new WatchChunk();

    Part(
        WatchSource.Watch watch,
        String series,
        WatchPosition from,
        Standing standing,
        Instant now) {
      this.watch = watch;
      this.series = series;
      this.from = from;
      this.standing = standing;
      this.now = now;
    }

    /** Tells what happened to known keys until the page; false when that is no longer kept. */
    CompletionStage<Boolean> changes() {
      return changesAfter(from.position());
    }

    private CompletionStage<Boolean> changesAfter(long position) {
      if (position >= standing.position() || "".equals(from.frontier())) {
        return CompletableFuture.completedFuture(true);
      }
      return after(watch.topic(), position)
          .thenCompose(
              page -> {
                if (page.isEmpty()) {
                  return CompletableFuture.completedFuture(false);
                }
                page.get().events().forEach(this::change);
                return changesAfter(page.get().next());
              });
    }

    private void change(Fed fed) {
      boolean before = fed.position() <= standing.position();
      if (before && from.knows(fed.event().name()) && watch.filter().wants(fed.event())) {
        String id = new WatchPosition(fed.position(), from.frontier()).text(series);
        chunk.add(watch.text().event(id, fed, watch.withValues()));
      }
    }

    CompletionStage<Optional<Told>> rows() {
      if (!watch.withValues()) {
        return CompletableFuture.completedFuture(told(standing.rows().size(), Map.of()));
      }
      return new WholeEntries(entries, settings, PATIENCE, standing.rows())
          .read()
          .thenApply(
              read -> {
                Map<String, EntryView> views = new HashMap<>();
                read.entries().forEach(entry -> views.put(entry.id().key(), entry.view()));
                return told(read.rowsUsed(), views);
              });
    }

    private Optional<Told> told(int rowsUsed, Map<String, EntryView> views) {
      List<LedgerRow> rows = standing.rows();
      for (LedgerRow row : rows.subList(0, rowsUsed)) {
        tell(row, views.get(row.id().key()));
      }
      boolean all = rowsUsed == rows.size() && rows.size() < ROWS;
      boolean only = watch.filter().name() != null;
      String frontier = all || only ? null : rows.get(rowsUsed - 1).id().key();
      return Optional.of(
          new Told(chunk.toByteString(), new WatchPosition(standing.position(), frontier)));
    }

    /**
     * Tells of an entry as it stood. A value that has changed since then is left out: the change
     * brings it.
     */
    private void tell(LedgerRow row, @Nullable EntryView view) {
      String key = row.id().key();
      if (watch.filter().kinds().contains(Kind.CREATED.text()) && watch.filter().wants(key)) {
        String id = new WatchPosition(standing.position(), key).text(series);
        boolean unchanged = view != null && view.version().equals(row.version());
        chunk.add(watch.text().standing(id, row, now, unchanged ? view : null));
      }
    }
  }
}
