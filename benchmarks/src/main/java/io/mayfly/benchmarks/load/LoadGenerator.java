package io.mayfly.benchmarks.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests over keep-alive connections from one thread and measures the answers.
 *
 * <p>In an open loop a request that finds no free connection waits, and its wait counts: latency is
 * measured from the instant at which it was due. Otherwise a server that stalls would be asked less
 * just while it is slow, and look good (coordinated omission).
 *
 * <p>Invariant: a connection is either in {@code idle} or has exactly one request in flight.
 */
public final class LoadGenerator {
  private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PARK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private final LoadPlan plan;
  private final Selector selector;
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final Measurement measurement;
  private final long startNanos;
  private long sent;
  private int inFlight;

  private LoadGenerator(LoadPlan plan, Selector selector) {
    this.plan = plan;
    this.selector = selector;
    startNanos = System.nanoTime();
    measurement = new Measurement(plan, startNanos);
  }

  /** Runs the plan to its end in the calling thread. */
  public static LoadResult run(LoadPlan plan) throws IOException {
    try (Selector selector = Selector.open()) {
      LoadGenerator generator = new LoadGenerator(plan, selector);
      try {
        return generator.run();
      } finally {
        selector.keys().forEach(key -> ((Connection) key.attachment()).close());
      }
    }
  }

  private LoadResult run() throws IOException {
    for (int i = 0; i < plan.pace().connections(); i++) {
      idle.add(connect());
    }
    while (!measurement.isOver() && sent < plan.pace().requestsMax()) {
      sendDue();
      select();
      measurement.tick(System.nanoTime());
    }
    long endNanos = System.nanoTime();
    drain(endNanos + DRAIN_NANOS);
    return measurement.result(endNanos);
  }

  /** Waits for the answers that are still to come. */
  private void drain(long untilNanos) throws IOException {
    while (inFlight > 0 && System.nanoTime() - untilNanos < 0) {
      selector.select(this::ready, TimeUnit.SECONDS.toMillis(1));
    }
    for (int i = 0; i < inFlight; i++) {
      measurement.broke();
    }
  }

  private Connection connect() throws IOException {
    return new Connection(plan.address(), plan.template(), selector);
  }

  private long dueNanos(long number) {
    return plan.pace().ratePerSecond() == 0
        ? System.nanoTime()
        : startNanos + number * TimeUnit.SECONDS.toNanos(1) / plan.pace().ratePerSecond();
  }

  private void sendDue() {
    while (!idle.isEmpty() && sent < plan.pace().requestsMax()) {
      long due = dueNanos(sent);
      if (due > System.nanoTime()) {
        return;
      }
      send(idle.remove(), due);
    }
  }

  private void send(Connection connection, long due) {
    long number = sent++;
    inFlight++;
    try {
      connection.send(
          plan.keyOf().applyAsLong(number), plan.ttlMillisOf().applyAsLong(number), due);
    } catch (IOException e) {
      replace(connection);
    }
  }

  /** Waits for answers, but not beyond the instant at which the next request is due. */
  private void select() throws IOException {
    long waitNanos =
        idle.isEmpty() || plan.pace().ratePerSecond() == 0
            ? TimeUnit.MILLISECONDS.toNanos(100)
            : dueNanos(sent) - System.nanoTime();
    if (waitNanos > SPIN_NANOS) {
      selector.select(this::ready, TimeUnit.NANOSECONDS.toMillis(waitNanos) - 1);
    } else if (selector.selectNow(this::ready) == 0 && waitNanos > PARK_NANOS) {
      LockSupport.parkNanos(PARK_NANOS);
    }
  }

  private void ready(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      if (key.isWritable()) {
        connection.flush();
      } else {
        receive(connection);
      }
    } catch (IOException e) {
      replace(connection);
    }
  }

  private void receive(Connection connection) throws IOException {
    int status = connection.receive();
    if (status == Response.INCOMPLETE) {
      return;
    }
    inFlight--;
    long now = System.nanoTime();
    measurement.answered(status, now - connection.dueNanos(), now - connection.sentNanos());
    if (plan.pace().ratePerSecond() == 0
        && !measurement.isOver()
        && sent < plan.pace().requestsMax()) {
      send(connection, System.nanoTime());
    } else {
      idle.add(connection);
    }
  }

  /** A broken connection is counted and replaced; without a server the run fails. */
  private void replace(Connection connection) {
    connection.close();
    inFlight--;
    measurement.broke();
    try {
      idle.add(connect());
    } catch (IOException e) {
      throw new IllegalStateException("no connection to " + plan.address(), e);
    }
  }
}
