package io.mayfly.sharding;

import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.protocol.feed.Standing;
import io.mayfly.protocol.ledger.ListQuery;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The one feed that others see: a namespace is watched where its contract keeps its entries. */
final class NodeFeed implements Feed {
  private final Feed stored;
  private final Feed inMemory;
  private final Contracts contracts;

  NodeFeed(Feed stored, Feed inMemory, Contracts contracts) {
    this.stored = stored;
    this.inMemory = inMemory;
    this.contracts = contracts;
  }

  private Feed of(String namespace) {
    return contracts.of(namespace).durability() == Durability.VOLATILE ? inMemory : stored;
  }

  @Override
  public String series(String namespace) {
    return of(namespace).series(namespace);
  }

  @Override
  public boolean durable(String namespace) {
    return of(namespace).durable(namespace);
  }

  @Override
  public long end(String namespace) {
    return of(namespace).end(namespace);
  }

  @Override
  public CompletionStage<Long> now(String namespace) {
    return of(namespace).now(namespace);
  }

  @Override
  public CompletionStage<Optional<FeedPage>> after(String namespace, long position, int limit) {
    return of(namespace).after(namespace, position, limit);
  }

  @Override
  public CompletionStage<Standing> standing(ListQuery query) {
    return of(query.namespace()).standing(query);
  }

  @Override
  public AutoCloseable listen(String namespace, Listener listener) {
    return of(namespace).listen(namespace, listener);
  }
}
