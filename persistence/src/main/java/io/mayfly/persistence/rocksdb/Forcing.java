package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.PendingWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Answers the requests that must be forced to disk first. While one fsync runs further requests
 * gather, and the next fsync is for all of them. The journal's thread never waits for it.
 */
final class Forcing implements AutoCloseable {
  private final RocksStore store;
  private final BlockingQueue<PendingWrite> written = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "mayfly-store-sync");

  Forcing(RocksStore store) {
    this.store = store;
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes a request that is written but not yet forced. */
  void force(PendingWrite write) {
    written.add(write);
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    List<PendingWrite> gathered = new ArrayList<>();
    try {
      while (true) {
        gathered.add(written.take());
        written.drainTo(gathered);
        sync(gathered);
        gathered.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sync(List<PendingWrite> gathered) {
    try {
      store.sync();
    } catch (RuntimeException e) {
      gathered.forEach(write -> write.fail(e));
      return;
    }
    gathered.forEach(PendingWrite::succeed);
  }
}
