package io.mayfly.server;

import com.typesafe.config.Config;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/** The thread of the journal, which a test can hold up as a disk does that does not answer. */
public final class JournalGate extends ExecutorServiceConfigurator {
  private static final String DISPATCHER = "mayfly.persistence.rocksdb.journal-dispatcher.";
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition OPENED = LOCK.newCondition();
  private static boolean closed;

  /** Called by Pekko. */
  public JournalGate(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
  }

  /** The settings under which a node's journal has the gate. */
  static Map<String, Object> settings() {
    return Map.of(
        DISPATCHER + "type", "Dispatcher", DISPATCHER + "executor", JournalGate.class.getName());
  }

  /** Holds the journal up. */
  static void close() {
    set(true);
  }

  /** Lets the journal go on. */
  static void open() {
    set(false);
  }

  private static void set(boolean now) {
    LOCK.lock();
    try {
      closed = now;
      OPENED.signalAll();
    } finally {
      LOCK.unlock();
    }
  }

  private static void pass() {
    LOCK.lock();
    try {
      while (closed) {
        OPENED.awaitUninterruptibly();
      }
    } finally {
      LOCK.unlock();
    }
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
    return () -> gated(threads);
  }

  private static ExecutorService gated(ThreadFactory threads) {
    return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads) {
      @Override
      protected void beforeExecute(Thread thread, Runnable task) {
        pass();
      }
    };
  }
}
