package io.mayfly.persistence.postgresql;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at short intervals whether the database answers, and tells an operator of a change. */
final class DatabaseWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseWatch.class);

  private final Sql sql;
  private final Duration interval;
  private final int patienceSeconds;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "mayfly-store-watch");
  private volatile Optional<String> trouble = Optional.empty();

  DatabaseWatch(Sql sql, Duration interval, Duration patience) {
    this.sql = sql;
    this.interval = interval;
    this.patienceSeconds = (int) Math.max(1, patience.toSeconds());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Why the database cannot be used; empty while it can. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Somebody found the database gone. */
  synchronized void lost(String cause) {
    if (trouble.isEmpty()) {
      LOG.error("the database does not answer; nothing is served until it does: {}", cause);
    }
    trouble = Optional.of(cause);
  }

  private synchronized void found() {
    if (trouble.isPresent()) {
      LOG.info("the database answers again");
    }
    trouble = Optional.empty();
  }

  private void run() {
    try {
      while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      if (sql.ask(connection -> connection.isValid(patienceSeconds))) {
        found();
      } else {
        lost("no answer within " + patienceSeconds + " s");
      }
    } catch (RuntimeException e) {
      lost(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
