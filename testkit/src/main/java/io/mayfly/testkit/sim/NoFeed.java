package io.mayfly.testkit.sim;

import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.protocol.feed.Standing;
import io.mayfly.protocol.ledger.ListQuery;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Nobody watches a simulated node: tests look at what the store has. */
final class NoFeed implements Feed {
  static final NoFeed INSTANCE = new NoFeed();

  @Override
  public String series(String namespace) {
    return "simulated";
  }

  @Override
  public boolean durable(String namespace) {
    return true;
  }

  @Override
  public long end(String namespace) {
    return 0;
  }

  @Override
  public CompletionStage<Optional<FeedPage>> after(String namespace, long position, int limit) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  @Override
  public CompletionStage<Standing> standing(ListQuery query) {
    return CompletableFuture.completedFuture(new Standing(List.of(), 0));
  }

  @Override
  public AutoCloseable listen(String namespace, Listener listener) {
    return () -> {};
  }
}
