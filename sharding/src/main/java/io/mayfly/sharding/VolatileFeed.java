package io.mayfly.sharding;

import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.protocol.feed.Standing;
import io.mayfly.protocol.feed.Told;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.ListQuery;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The feed of the node's volatile entries: it tells those who listen, and remembers nothing but how
 * much it has told.
 */
final class VolatileFeed implements Feed {
  private final Ledger ledger;
  private final String series;
  private final Map<String, Line> lines = new ConcurrentHashMap<>();

  /** The events of one namespace, one after the other. */
  private static final class Line {
    private final Set<Consumer<List<Fed>>> listeners = ConcurrentHashMap.newKeySet();
    private volatile long end;

    synchronized void tell(Told told) {
      long position = end + 1;
      if (!listeners.isEmpty()) {
        FeedEvent event = told.feedEvent();
        if (event == null) {
          return;
        }
        List<Fed> news = List.of(new Fed(position, event));
        listeners.forEach(listener -> listener.accept(news));
      }
      end = position;
    }
  }

  VolatileFeed(Ledger ledger) {
    byte[] name = new byte[4];
    new SecureRandom().nextBytes(name);
    this.series = HexFormat.of().formatHex(name);
    this.ledger = ledger;
  }

  /** An event happened. */
  void tell(String namespace, Told told) {
    line(namespace).tell(told);
  }

  private Line line(String namespace) {
    return lines.computeIfAbsent(namespace, name -> new Line());
  }

  @Override
  public String series(String namespace) {
    return series;
  }

  @Override
  public boolean durable(String namespace) {
    return false;
  }

  @Override
  public long end(String namespace) {
    return line(namespace).end;
  }

  @Override
  public CompletionStage<Optional<FeedPage>> after(String namespace, long position, int limit) {
    return CompletableFuture.completedFuture(
        position == end(namespace)
            ? Optional.of(new FeedPage(List.of(), position, false))
            : Optional.empty());
  }

  /** The rows may already show what happened just after the position. */
  @Override
  public CompletionStage<Standing> standing(ListQuery query) {
    long position = end(query.namespace());
    return ledger.list(query).thenApply(rows -> new Standing(rows, position));
  }

  @Override
  public AutoCloseable listen(String namespace, Listener listener) {
    Line line = line(namespace);
    synchronized (line) {
      line.listeners.add(listener);
    }
    return () -> line.listeners.remove(listener);
  }
}
