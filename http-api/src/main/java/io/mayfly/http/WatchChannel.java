package io.mayfly.http;

import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedEvent.OfEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The news of one namespace for all its watchers: the newest events, held once, each spelt once.
 * Watchers read from it at their own pace; who falls behind what it holds reads the feed instead.
 *
 * <p>Safe for use by several threads. The thread that stores only appends.
 */
final class WatchChannel {
  private static final int EVENT_BYTES = 256;

  private final String namespace;
  private final String series;
  private final WatchSettings settings;
  private final Runnable flush;
  private final AutoCloseable subscription;
  private final ArrayDeque<Item> items = new ArrayDeque<>();
  private long bytes;
  private long start;
  private boolean flushing;
  private List<WatchSource.Watcher> waiting = new ArrayList<>();
  private int users;
  private long unusedSinceNanos;

  /** An event, and how it is spelt in each way that was asked for. */
  static final class Item {
    private final Fed fed;
    private final byte[] @Nullable [] spelt = new byte[4][];

    Item(Fed fed) {
      this.fed = fed;
    }

    Fed fed() {
      return fed;
    }

    /** Two threads may spell it at once, and come to the same. */
    byte[] spelt(WatchText text, String series, boolean withValue) {
      int way = (text == WatchText.EVENTS ? 0 : 2) + (withValue ? 1 : 0);
      byte[] known = spelt[way];
      if (known == null) {
        known = text.event(WatchPosition.at(fed.position()).text(series), fed, withValue);
        spelt[way] = known;
      }
      return known;
    }

    private int size() {
      return EVENT_BYTES
          + (fed.event() instanceof OfEntry entry && entry.value() != null
              ? entry.value().size()
              : 0);
    }
  }

  /**
   * A channel that listens.
   *
   * @param flush asks for {@link #tell} to be called after a while; must not block
   */
  WatchChannel(Feed feed, String namespace, WatchSettings settings, Runnable flush) {
    this.namespace = namespace;
    this.series = feed.series(namespace);
    this.settings = settings;
    this.flush = flush;
    synchronized (this) {
      this.subscription = feed.listen(namespace, new Hearing());
      this.start = feed.end(namespace);
    }
  }

  String namespace() {
    return namespace;
  }

  /** The name of the positions. */
  String series() {
    return series;
  }

  /** What the feed tells the channel. */
  private final class Hearing implements Feed.Listener {
    @Override
    public void accept(List<Fed> news) {
      append(news);
    }

    @Override
    public void missed(long position) {
      forget(position);
    }
  }

  /** Watchers before the position ask the feed, which tells them that it cannot go on. */
  private void forget(long position) {
    synchronized (this) {
      items.clear();
      bytes = 0;
      start = Math.max(start, position);
    }
    tell();
  }

  private void append(List<Fed> news) {
    boolean ask;
    synchronized (this) {
      for (Fed fed : news) {
        if (fed.position() > newest()) {
          Item item = new Item(fed);
          items.addLast(item);
          bytes += item.size();
        }
      }
      while (items.size() > settings.bufferEvents() || bytes > settings.bufferBytes()) {
        Item dropped = items.removeFirst();
        bytes -= dropped.size();
        start = dropped.fed().position();
      }
      ask = !flushing && !waiting.isEmpty();
      flushing |= ask;
    }
    if (ask) {
      flush.run();
    }
  }

  private long newest() {
    return items.isEmpty() ? start : items.getLast().fed().position();
  }

  /** Wakes those who wait, once they have something to read. */
  void tell() {
    List<WatchSource.Watcher> woken;
    synchronized (this) {
      flushing = false;
      woken = waiting;
      waiting = new ArrayList<>(woken.size());
    }
    woken.forEach(WatchSource.Watcher::wake);
  }

  /**
   * The next events after a position, oldest first; absent when the channel does not hold all that
   * followed it. Who gets an empty list is woken when there is more.
   *
   * @param limit the most events
   */
  synchronized @Nullable List<Item> after(
      long position, int limit, WatchSource.@Nullable Watcher watcher) {
    if (position < start) {
      return null;
    }
    List<Item> found = new ArrayList<>();
    if (position < newest()) {
      // Most watchers stand near the end, so the search begins there.
      Iterator<Item> back = items.descendingIterator();
      while (back.hasNext()) {
        Item item = back.next();
        if (item.fed().position() <= position) {
          break;
        }
        found.add(item);
      }
      Collections.reverse(found);
      if (found.size() > limit) {
        found = found.subList(0, limit);
      }
    } else if (watcher != null) {
      waiting.add(watcher);
    }
    return found;
  }

  /** One more reads from it. */
  synchronized void enter() {
    users++;
  }

  /** One less reads from it. */
  synchronized void leave(long nowNanos) {
    users--;
    unusedSinceNanos = nowNanos;
  }

  /** A watcher waits no more. */
  synchronized void forget(WatchSource.Watcher watcher) {
    waiting.remove(watcher);
  }

  /** Whether nobody has used it for so long that it need not listen any more. */
  synchronized boolean idle(long nowNanos) {
    return users == 0 && nowNanos - unusedSinceNanos > settings.linger().toNanos();
  }

  /** Stops listening. */
  void close() {
    try {
      subscription.close();
    } catch (Exception e) {
      throw new IllegalStateException("a subscription to the feed did not close", e);
    }
  }
}
