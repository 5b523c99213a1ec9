package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes bytes that were deleted vanish from the files too. RocksDB only marks what is deleted and
 * rewrites its files when it likes; here the log is dropped and the touched ranges are rewritten
 * some seconds after a purge.
 *
 * <p>Which ranges were touched is remembered only in memory. So the first pass after the store was
 * opened rewrites everything; it is run at once when the store says that an erasure is owed.
 *
 * <p>Invariant: what the store says that it does not owe is in no file.
 *
 * <p>Rewriting takes at most a share of the time: after a pass the next one waits so long that the
 * share is kept.
 */
final class Erasure implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);
  private static final long CLOSE_MILLIS = 60_000;

  private final Database database;
  private final long intervalNanos;
  private final double share;
  private final Consumer<StoreUnavailableException> onFailure;
  private final Thread thread = new Thread(this::run, "mayfly-store-erasure");
  private final AtomicLong lastOwed;
  private boolean requested;
  private volatile boolean rangesKnown;
  private boolean closed;

  Erasure(
      Database database,
      Duration interval,
      double share,
      Consumer<StoreUnavailableException> onFailure) {
    this.database = database;
    this.intervalNanos = interval.toNanos();
    this.share = share;
    this.onFailure = onFailure;
    long owed = database.number(Column.META, Keys.OWED);
    long erased = database.number(Column.META, Keys.ERASURE);
    this.lastOwed = new AtomicLong(Math.max(owed, erased));
    this.requested = owed != erased;
    thread.setDaemon(true);
    thread.start();
  }

  /** A number for {@link ComposedBatch#oweErasure} that was never used before. */
  long nextOwed() {
    return lastOwed.incrementAndGet();
  }

  /** Asks for a pass, because something was purged or deleted. */
  synchronized void request() {
    requested = true;
  }

  /** Runs a pass now, on the caller's thread. */
  void erase() {
    synchronized (this) {
      requested = false;
    }
    // Read first: the ranges of what it counts are known then.
    long owed = database.number(Column.META, Keys.OWED);
    Map<Column, TouchedRanges.Range> ranges = database.deleted().take();
    try {
      database.flush();
      if (rangesKnown) {
        ranges.forEach(database::compact);
      } else {
        List.of(Column.ALL).forEach(database::compact);
      }
      conclude(owed);
      rangesKnown = true;
    } catch (RuntimeException e) {
      database.deleted().addAll(ranges);
      request();
      throw e;
    }
  }

  /**
   * RocksDB's MANIFEST begins anew with the files that stood before a change. One more change makes
   * it forget the files that were just replaced, and with them the first and last keys they had.
   * The change is to note what is owed no more, which flushing makes one of RocksDB's files.
   */
  private void conclude(long erased) {
    ComposedBatch batch = database.newBatch();
    batch.put(Column.META, new ByteWriter(1).raw(Keys.ERASURE), new ByteWriter(8).i64(erased));
    database.write(batch);
    database.flush();
  }

  /** Breaks off a pass that is under way; what it leaves is erased after the next start. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    database.stopBackgroundWork();
    try {
      thread.join(CLOSE_MILLIS);
      if (thread.isAlive()) {
        LOG.warn("the pass that erases deleted bytes did not end within {} ms", CLOSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long delayNanos = intervalNanos;
    try {
      while (awaitOpen(delayNanos)) {
        long start = System.nanoTime();
        pass();
        double tookNanos = System.nanoTime() - start;
        delayNanos = Math.max(intervalNanos, (long) (tookNanos * (1 / share - 1)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits; returns whether the store is still open. */
  private synchronized boolean awaitOpen(long delayNanos) throws InterruptedException {
    long end = System.nanoTime() + delayNanos;
    for (long left = delayNanos; left > 0 && !closed; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return !closed;
  }

  private void pass() {
    try {
      if (isRequested()) {
        erase();
      }
    } catch (StoreUnavailableException e) {
      if (!isClosed()) {
        LOG.error("erasing deleted bytes failed", e);
        onFailure.accept(e);
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Whether there is something to erase. */
  synchronized boolean isRequested() {
    return requested;
  }
}
