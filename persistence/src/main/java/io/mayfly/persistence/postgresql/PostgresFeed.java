package io.mayfly.persistence.postgresql;

import com.typesafe.config.Config;
import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.protocol.feed.Standing;
import io.mayfly.protocol.feed.Told;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.serialization.SerializationExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed in the shared store: events by the tag of their namespace, at the place that their
 * commit took. Every node tells the same events at the same places.
 */
public final class PostgresFeed implements Feed {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresFeed.class);
  private static final int PAGE_BYTES = 1 << 20;

  private final PostgresStore store;
  private final EventCodec codec;
  private final UnaryOperator<String> tagOf;
  private final FeedPoll poll;
  private final String series;

  private PostgresFeed(
      PostgresStore store,
      EventCodec codec,
      UnaryOperator<String> tagOf,
      FeedPoll poll,
      String series) {
    this.store = store;
    this.codec = codec;
    this.tagOf = tagOf;
    this.poll = poll;
    this.series = series;
  }

  /** The name of the positions, and the newest of them. */
  private record Beginning(String series, long end) {}

  /**
   * The feed of an actor system's store, which is followed, and ages, until the system terminates.
   *
   * @param tagOf the tag that the events of a namespace carry
   */
  public static PostgresFeed of(
      ClassicActorSystemProvider system, UnaryOperator<String> tagOf, InstantSource clock) {
    PostgresStore store = PostgresStoreExtension.get(system).store();
    EventCodec codec = new EventCodec(SerializationExtension.get(system));
    var classic = system.classicSystem();
    Config config = classic.settings().config().getConfig(PostgresSettings.PATH + ".feed");
    Beginning beginning =
        store
            .sql()
            .ask(
                connection -> new Beginning(FeedRows.series(connection), FeedRows.end(connection)));
    FeedPoll poll =
        new FeedPoll(store, codec, config.getDuration("poll-interval"), beginning.end());
    poll.start();
    Duration interval = config.getDuration("aging-interval");
    Aging aging =
        new Aging(
            store,
            new FeedAging(store, config.getLong("events-max")),
            clock,
            config.getDuration("window"));
    Cancellable passes =
        classic
            .scheduler()
            .scheduleWithFixedDelay(interval, interval, aging::begin, classic.dispatcher());
    classic.registerOnTermination(
        () -> {
          passes.cancel();
          poll.close();
        });
    return new PostgresFeed(store, codec, tagOf, poll, beginning.series());
  }

  /** The same feed by other tags: of other things in a namespace. */
  public PostgresFeed by(UnaryOperator<String> otherTag) {
    return new PostgresFeed(store, codec, otherTag, poll, series);
  }

  /** A pass over everything that has grown old. */
  private record Aging(PostgresStore store, FeedAging feed, InstantSource clock, Duration window) {
    void begin() {
      try {
        store.readers().execute(this::pass);
      } catch (RejectedExecutionException e) {
        LOG.debug("the feed does not age now: too much is being read", e);
      }
    }

    private void pass() {
      try {
        boolean more = true;
        while (more) {
          long now = clock.millis();
          more = feed.step(now, now - window.toMillis());
        }
      } catch (SQLException | RuntimeException e) {
        LOG.debug("the feed could not be searched for what has grown old", e);
      }
    }
  }

  @Override
  public String series(String namespace) {
    return series;
  }

  @Override
  public boolean durable(String namespace) {
    return true;
  }

  @Override
  public long end(String namespace) {
    return poll.end();
  }

  @Override
  public CompletionStage<Long> now(String namespace) {
    return read(FeedRows::end);
  }

  @Override
  public AutoCloseable listen(String namespace, Listener listener) {
    return poll.listen(tagOf.apply(namespace), listener);
  }

  @Override
  public CompletionStage<Optional<FeedPage>> after(String namespace, long position, int limit) {
    String tag = tagOf.apply(namespace);
    return read(connection -> page(connection, tag, position, limit));
  }

  private Optional<FeedPage> page(Connection connection, String tag, long position, int limit)
      throws SQLException {
    long end = FeedRows.end(connection);
    if (position < 0
        || position > end
        || position < FeedRows.floors(connection, List.of(tag)).getOrDefault(tag, 0L)) {
      return Optional.empty();
    }
    // One more than are asked for tells whether there are more.
    List<FeedRows.Row> rows =
        FeedRows.between(connection, List.of(tag), position, end, limit + 1, PAGE_BYTES);
    boolean more =
        rows.size() > limit
            || rows.stream().mapToLong(row -> row.stored().length).sum() >= PAGE_BYTES;
    List<FeedRows.Row> shown = rows.subList(0, Math.min(limit, rows.size()));
    List<Fed> events = new ArrayList<>(shown.size());
    for (FeedRows.Row row : shown) {
      if (codec.payload(row.stored()) instanceof Told told) {
        FeedEvent event = told.feedEvent();
        if (event != null) {
          events.add(new Fed(row.position(), event));
        }
      }
    }
    long next = more ? shown.get(shown.size() - 1).position() : end;
    return Optional.of(new FeedPage(events, next, more));
  }

  @Override
  public CompletionStage<Standing> standing(ListQuery query) {
    return read(
        connection -> {
          List<LedgerRow> rows = PostgresLedger.byKey(connection, query);
          return new Standing(rows, FeedRows.end(connection));
        });
  }

  /** Reads as of one moment. */
  private <R> CompletionStage<R> read(Sql.Work<R> work) {
    CompletableFuture<R> result = new CompletableFuture<>();
    try {
      store.readers().execute(() -> read(work, result));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  private <R> void read(Sql.Work<R> work, CompletableFuture<R> result) {
    R found;
    try {
      found =
          store
              .sql()
              .transact(
                  connection -> {
                    try (Statement statement = connection.createStatement()) {
                      statement.execute(
                          "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
                    }
                    return work.on(connection);
                  });
    } catch (SQLException | RuntimeException e) {
      result.completeExceptionally(e);
      return;
    }
    result.complete(found);
  }
}
