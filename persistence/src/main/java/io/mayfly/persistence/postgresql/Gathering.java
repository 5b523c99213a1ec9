package io.mayfly.persistence.postgresql;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that are carried out in groups: while threads work on some, others gather, and the next
 * free thread takes them together. So the database is asked once for many.
 */
final class Gathering<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gathering.class);
  private static final long CLOSE_MILLIS = TimeUnit.SECONDS.toMillis(10);

  private final BlockingQueue<T> waiting;
  private final int groupMax;
  private final Consumer<List<T>> work;
  private final BiConsumer<T, RuntimeException> failed;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /**
   * Starts the threads.
   *
   * @param work carries a group out
   * @param failed answers a request whose group failed, or that was not begun before the end
   */
  Gathering(
      String name,
      int threadCount,
      int queue,
      int groupMax,
      Consumer<List<T>> work,
      BiConsumer<T, RuntimeException> failed) {
    this.waiting = new ArrayBlockingQueue<>(queue);
    this.groupMax = groupMax;
    this.work = work;
    this.failed = failed;
    for (int i = 1; i <= threadCount; i++) {
      Thread thread = new Thread(this::run, "mayfly-store-" + name + '-' + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  /** Takes a request in; when too many wait, it fails at once. */
  void add(T request) {
    if (closed || !waiting.offer(request)) {
      failed.accept(request, new StoreBusyException(closed ? "it closes" : "too many wait"));
    }
  }

  /** How many requests wait. */
  int waiting() {
    return waiting.size();
  }

  private void run() {
    List<T> group = new ArrayList<>();
    while (take(group)) {
      try {
        work.accept(group);
      } catch (RuntimeException e) {
        LOG.debug("a group of {} requests to the database failed", group.size(), e);
        group.forEach(request -> failed.accept(request, e));
      }
      group.clear();
    }
  }

  private boolean take(List<T> group) {
    try {
      while (!closed || !waiting.isEmpty()) {
        T first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          group.add(first);
          waiting.drainTo(group, groupMax - 1);
          return true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /** Lets what waits be carried out, and ends. */
  @Override
  public void close() {
    closed = true;
    try {
      for (Thread thread : threads) {
        thread.join(CLOSE_MILLIS);
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
