package io.mayfly.persistence.rocksdb;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes bytes that were deleted vanish from the files too. RocksDB only marks what is deleted and
 * rewrites its files when it likes; here the log is dropped and the touched ranges are rewritten
 * some seconds after a purge.
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
  private boolean requested;
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
    thread.setDaemon(true);
    thread.start();
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
    Map<Column, TouchedRanges.Range> ranges = database.deleted().take();
    try {
      database.flush();
      ranges.forEach(database::compact);
      renewManifest();
    } catch (RuntimeException e) {
      database.deleted().addAll(ranges);
      request();
      throw e;
    }
  }

  /**
   * RocksDB's MANIFEST begins anew with the files that stood before a change. One more change makes
   * it forget the files that were just replaced, and with them the first and last keys they had.
   */
  private void renewManifest() {
    ComposedBatch batch = database.newBatch();
    batch.put(
        Column.META, new ByteWriter(1).raw(Keys.ERASURE), new ByteWriter(8).i64(System.nanoTime()));
    database.write(batch);
    database.flush();
  }

  /** Breaks off a pass that is under way; what it leaves is erased after the next purge. */
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

  private synchronized boolean isRequested() {
    return requested;
  }
}
