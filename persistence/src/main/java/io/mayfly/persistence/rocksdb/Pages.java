package io.mayfly.persistence.rocksdb;

import java.util.List;

/**
 * What a query reads, page by page. One per running query.
 *
 * @param <P> where a page begins
 * @param <T> what it holds
 */
interface Pages<P, T> {
  /** What is to be expected after a page. */
  enum Rest {
    /** More is there already. */
    MORE,
    /** More may be committed. */
    CAUGHT_UP,
    /** Nothing, ever. */
    COMPLETE
  }

  /**
   * One page.
   *
   * @param next where the next one begins
   */
  record Page<P, T>(List<T> items, P next, Rest rest) {}

  P start();

  /** Reads a page. Blocks; runs on the store's readers. */
  Page<P, T> read(P position);

  /** Until closed, runs the listener at commits that may add to what was read. */
  AutoCloseable subscribe(Runnable listener);
}
