package io.mayfly.http;

import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.protocol.feed.Standing;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A feed in memory, of one namespace. */
final class FakeFeed implements Feed {
  private final List<Fed> events = new ArrayList<>();
  private final List<Consumer<List<Fed>>> listeners = new CopyOnWriteArrayList<>();
  private final List<LedgerRow> rows = new ArrayList<>();
  private long floor;
  private long end;
  private boolean durable = true;
  private int reads;

  /** An event happens. */
  synchronized void tell(FeedEvent event) {
    Fed fed = new Fed(++end, event);
    events.add(fed);
    listeners.forEach(listener -> listener.accept(List.of(fed)));
  }

  /** An entry stands from now on; no event tells of it. */
  synchronized void stand(LedgerRow row) {
    rows.add(row);
  }

  /** Everything so far is forgotten. */
  synchronized void forget() {
    floor = end;
    events.clear();
  }

  synchronized void beVolatile() {
    durable = false;
  }

  /** How often it was read. */
  synchronized int reads() {
    return reads;
  }

  int listeners() {
    return listeners.size();
  }

  @Override
  public String series(String namespace) {
    return "fake";
  }

  @Override
  public synchronized boolean durable(String namespace) {
    return durable;
  }

  @Override
  public synchronized long end(String namespace) {
    return end;
  }

  @Override
  public synchronized CompletionStage<Optional<FeedPage>> after(
      String namespace, long position, int limit) {
    reads++;
    if (position < floor || position > end) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    List<Fed> page = events.stream().filter(fed -> fed.position() > position).limit(limit).toList();
    boolean more = !page.isEmpty() && page.get(page.size() - 1).position() < end;
    long next = more ? page.get(page.size() - 1).position() : end;
    return CompletableFuture.completedFuture(Optional.of(new FeedPage(page, next, more)));
  }

  @Override
  public synchronized CompletionStage<Standing> standing(ListQuery query) {
    ListQuery.Position after = query.after();
    List<LedgerRow> page =
        rows.stream()
            .filter(row -> row.id().key().startsWith(query.prefix()))
            .filter(row -> after == null || row.id().key().compareTo(after.key()) > 0)
            .filter(query::shows)
            .limit(query.limit())
            .toList();
    return CompletableFuture.completedFuture(new Standing(page, end));
  }

  @Override
  public AutoCloseable listen(String namespace, Listener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
