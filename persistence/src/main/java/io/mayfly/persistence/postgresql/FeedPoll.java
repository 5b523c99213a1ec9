package io.mayfly.persistence.postgresql;

import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.Told;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the end of the feed for a node, and hands what all nodes commit to those who listen here.
 * One thread asks for the newest place: now and then, and often while somebody listens. It reads
 * events only when that place has moved, and only those that somebody listens to.
 */
final class FeedPoll implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FeedPoll.class);
  private static final int PAGE_EVENTS = 2_000;
  private static final long PAGE_BYTES = 4 << 20;

  private final PostgresStore store;
  private final EventCodec codec;
  private final Duration interval;
  private final Duration idleInterval;
  private final Thread thread = new Thread(this::run, "mayfly-feed");

  /** Guarded by this. */
  private final Map<String, Set<Feed.Listener>> byTag = new HashMap<>();

  /** Released when there is a reason to look before the time. */
  private final Semaphore wake = new Semaphore(0);

  private volatile long end;
  private volatile boolean closed;

  FeedPoll(PostgresStore store, EventCodec codec, Duration interval, long end) {
    this.store = store;
    this.codec = codec;
    this.interval = interval;
    this.idleInterval = store.settings().lookInterval();
    this.end = end;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Up to where everything was handed over. */
  long end() {
    return end;
  }

  /** Until closed, hands over the events of a tag. */
  synchronized AutoCloseable listen(String tag, Feed.Listener listener) {
    byTag.computeIfAbsent(tag, any -> new HashSet<>()).add(listener);
    wake.release();
    return () -> forget(tag, listener);
  }

  private synchronized void forget(String tag, Feed.Listener listener) {
    Set<Feed.Listener> listeners = byTag.getOrDefault(tag, new HashSet<>());
    listeners.remove(listener);
    if (listeners.isEmpty()) {
      byTag.remove(tag);
    }
  }

  private void run() {
    boolean more = false;
    while (more || await()) {
      try {
        more = look();
      } catch (RuntimeException e) {
        more = false;
        LOG.debug("the feed could not be read", e);
      }
    }
  }

  /** Waits for the next look; false when there is none. */
  private boolean await() {
    try {
      Duration pause = tags().isEmpty() ? idleInterval : interval;
      var unused = wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
      wake.drainPermits();
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether to look again at once. */
  private boolean look() {
    Set<String> tags = tags();
    News news = store.sql().ask(connection -> news(connection, tags));
    List<Heard> heard = heard(news);
    synchronized (this) {
      if (!tags.containsAll(byTag.keySet())) {
        return true;
      }
      news.missed().forEach((tag, floor) -> of(tag).forEach(one -> one.missed(floor)));
      heard.forEach(part -> of(part.tag()).forEach(one -> one.accept(part.events())));
      end = news.to();
    }
    return news.more();
  }

  private synchronized Set<String> tags() {
    return Set.copyOf(byTag.keySet());
  }

  private Set<Feed.Listener> of(String tag) {
    return byTag.getOrDefault(tag, Set.of());
  }

  /**
   * What was found.
   *
   * @param missed tags of which something is gone that was not handed over, and up to where
   */
  private record News(List<FeedRows.Row> rows, Map<String, Long> missed, long to, boolean more) {}

  private record Heard(String tag, List<Fed> events) {}

  private News news(Connection connection, Set<String> tags) throws SQLException {
    long from = end;
    long newest = FeedRows.end(connection);
    if (newest <= from || tags.isEmpty()) {
      return new News(List.of(), Map.of(), Math.max(from, newest), false);
    }
    List<FeedRows.Row> rows =
        FeedRows.between(connection, tags, from, newest, PAGE_EVENTS, PAGE_BYTES);
    // What was purged before the rows were read shows in the floors that are read afterwards.
    Map<String, Long> missed = new HashMap<>(FeedRows.floors(connection, tags));
    missed.values().removeIf(floor -> floor <= from);
    boolean more =
        rows.size() == PAGE_EVENTS
            || rows.stream().mapToLong(row -> row.stored().length).sum() >= PAGE_BYTES;
    return new News(rows, missed, more ? rows.get(rows.size() - 1).position() : newest, more);
  }

  private List<Heard> heard(News news) {
    Map<String, List<Fed>> heard = new HashMap<>();
    for (FeedRows.Row row : news.rows()) {
      if (codec.payload(row.stored()) instanceof Told told) {
        FeedEvent event = told.feedEvent();
        if (event != null) {
          heard
              .computeIfAbsent(row.tag(), any -> new ArrayList<>())
              .add(new Fed(row.position(), event));
        }
      }
    }
    List<Heard> parts = new ArrayList<>();
    heard.forEach((tag, events) -> parts.add(new Heard(tag, events)));
    return parts;
  }

  @Override
  public void close() {
    closed = true;
    wake.release();
  }
}
