package io.mayfly.protocol.feed;

import io.mayfly.protocol.ledger.ListQuery;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The port to what happens in namespaces, in the order in which it was stored. Stages fail only
 * when the store does; they are plain ones, so what is chained on them without an executor runs on
 * the thread that completes them.
 */
public interface Feed {
  /**
   * Names the row of positions to which a namespace's belong: those of another name are unknown
   * here. 1 to 16 characters of {@code [a-z0-9]}.
   */
  String series(String namespace);

  /**
   * Whether events outlive the process. Where they do not, only those are told that happen while
   * somebody listens.
   */
  boolean durable(String namespace);

  /** The newest position that those who listen have been told of. Never blocks. */
  long end(String namespace);

  /**
   * The newest position, as the store knows it now: everything that was acknowledged before the
   * call stands at or before it, everything that is stored after the answer stands behind it.
   */
  default CompletionStage<Long> now(String namespace) {
    return CompletableFuture.completedFuture(end(namespace));
  }

  /**
   * What happened after a position.
   *
   * @param limit the most events
   * @return empty when some of it is not kept any more, or the position is none yet
   */
  CompletionStage<Optional<FeedPage>> after(String namespace, long position, int limit);

  /** The entries of a page by key, and the position at which they stood so. */
  CompletionStage<Standing> standing(ListQuery query);

  /**
   * Until closed, hands over what happens from now on: every event whose position is above {@link
   * #end} as it is read after this call, in order. Events at lower positions may come too.
   *
   * @param listener runs on the thread that stores or reads; it must not block
   */
  AutoCloseable listen(String namespace, Listener listener);

  /** Hears of what happens in a namespace. */
  @FunctionalInterface
  interface Listener extends Consumer<List<Fed>> {
    /**
     * Something may have happened that nobody can tell any more.
     *
     * @param position behind which everything is told
     */
    default void missed(long position) {}
  }
}
