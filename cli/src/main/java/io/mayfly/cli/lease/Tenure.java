package io.mayfly.cli.lease;

import io.mayfly.cli.client.Client;
import io.mayfly.cli.client.Deadline;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A lease that is renewed in the background.
 *
 * <p>Invariant: {@link #deadline()} is not later than the server's: it counts from when the renewal
 * was sent, on the monotonic clock, so that no two wall clocks have to agree.
 */
public final class Tenure implements AutoCloseable {
  private static final int RENEWALS_PER_TTL = 3;

  private final Lease lease;
  private final Client client;
  private final String leaseId;
  private final Duration ttl;
  private final CompletableFuture<Failure> lost = new CompletableFuture<>();
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "renewals");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Deadline deadline;

  /**
   * A tenure of a lease that was just acquired. It is renewed once before this returns, since how
   * long ago it was acquired is not known after a wait.
   *
   * @throws Failure when that renewal fails
   */
  public Tenure(Lease lease, Client client, String leaseId, Duration ttl) {
    this.lease = lease;
    this.client = client.within(ttl.dividedBy(RENEWALS_PER_TTL));
    this.leaseId = leaseId;
    this.ttl = ttl;
    this.deadline = renewed();
    long everyMillis = Math.max(1, ttl.toMillis() / RENEWALS_PER_TTL);
    var unused =
        renewals.scheduleAtFixedRate(this::renew, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
  }

  private Deadline renewed() {
    Deadline sent = Deadline.in(ttl);
    var unused = lease.renew(client, leaseId, ttl);
    return sent;
  }

  /** What fails for now is tried again in time, or the deadline passes. */
  private void renew() {
    try {
      deadline = renewed();
    } catch (Failure e) {
      boolean passes =
          e.code() == ExitCode.UNREACHABLE
              || e.code() == ExitCode.BUSY
              || e.code() == ExitCode.UNKNOWN;
      if (!passes) {
        lost.complete(e);
      }
    }
  }

  /** Completes when the server says that the lease is lost. */
  public CompletableFuture<Failure> lost() {
    return lost;
  }

  /** Until when the lease is held, if nothing renews it. */
  public Deadline deadline() {
    return deadline;
  }

  /** Renews no more. */
  @Override
  public void close() {
    renewals.shutdownNow();
  }
}
