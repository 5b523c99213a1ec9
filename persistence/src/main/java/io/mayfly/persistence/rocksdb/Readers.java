package io.mayfly.persistence.rocksdb;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The threads that read from the store, with a bounded queue; beyond it reads are rejected. */
final class Readers implements Executor, AutoCloseable {
  private static final long CLOSE_SECONDS = 10;

  private final ThreadPoolExecutor threads;

  Readers(int count, int queue) {
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            task -> {
              Thread thread = new Thread(task, "mayfly-store-reader-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /** Reads on one of the threads. The stage fails when the read does, or is rejected. */
  <T> CompletionStage<T> supply(Supplier<T> reading) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      execute(
          () -> {
            try {
              result.complete(reading.get());
            } catch (RuntimeException e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
