package io.mayfly.server;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.protocol.feed.Standing;
import io.mayfly.protocol.ledger.ListQuery;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Before there are keys there is nothing to watch: who asks is told so. */
enum NoFeed implements Feed {
  /** The one there is. */
  INSTANCE;

  private static RuntimeException refusal() {
    return Problem.of(ProblemType.NOT_FOUND, "Nothing can be watched before the node is ready.")
        .exception();
  }

  @Override
  public String series(String namespace) {
    throw refusal();
  }

  @Override
  public boolean durable(String namespace) {
    throw refusal();
  }

  @Override
  public long end(String namespace) {
    throw refusal();
  }

  @Override
  public CompletionStage<Optional<FeedPage>> after(String namespace, long position, int limit) {
    throw refusal();
  }

  @Override
  public CompletionStage<Standing> standing(ListQuery query) {
    throw refusal();
  }

  @Override
  public AutoCloseable listen(String namespace, Listener listener) {
    throw refusal();
  }
}
