package io.mayfly.multinode.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.protocol.time.SteadyClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One client of a lock. It holds the lock for a random time, now and then for longer than its lease
 * lasts, writes under its token, and gives the lease back, or dies without.
 */
public final class Contender implements Runnable {
  /** How long a lease lasts. */
  public static final Duration TTL = Duration.ofMillis(200);

  private static final Duration WAIT = Duration.ofSeconds(2);

  /** What the clocks of two processes may differ by. */
  private static final Duration TOLERANCE = Duration.ofMillis(5);

  private final String name;
  private final LeaseClient client;
  private final SplittableRandom random;
  private final BooleanSupplier over;
  private final Queue<Tenure> tenures;
  private final Queue<FencedWrite> writes;
  private final SteadyClock clock = SteadyClock.system();

  /**
   * While a client certainly held the lock: from the answer to its acquire until it asked to give
   * the lease back, or the lease ended.
   */
  public record Tenure(long token, Instant from, Instant until) {}

  /** A write that was accepted. */
  public record FencedWrite(long incarnation, long revision, long token) {}

  /**
   * A client.
   *
   * @param tenures where it tells when it held the lock
   * @param writes where it tells which of its writes were accepted
   */
  public Contender(
      String name,
      LeaseClient client,
      SplittableRandom random,
      BooleanSupplier over,
      Queue<Tenure> tenures,
      Queue<FencedWrite> writes) {
    this.name = name;
    this.client = client;
    this.random = random;
    this.over = over;
    this.tenures = tenures;
    this.writes = writes;
  }

  @Override
  public void run() {
    while (!over.getAsBoolean()) {
      try {
        Answer answer = client.acquire("/v1/leases/race/lock", name, TTL, WAIT);
        if (answer.status() == 200) {
          hold(answer.json());
        } else {
          pause(answer.status() == 409 ? 5 : 50);
        }
      } catch (IOException e) {
        pause(50);
      }
    }
  }

  private void hold(JsonNode lease) throws IOException {
    Instant from = clock.instant();
    long token = lease.path("token").asLong();
    Instant end = Instant.parse(lease.path("expiresAt").asText()).minus(TOLERANCE);
    boolean sleeps = random.nextInt(8) == 0;
    pause(sleeps ? (int) TTL.toMillis() + random.nextInt(200) : random.nextInt(20));
    Instant asked = clock.instant();
    tenures.add(new Tenure(token, from, asked.isBefore(end) ? asked : end));
    write(token);
    if (random.nextInt(8) != 0) {
      client.release("/v1/leases/race/lock", lease.path("leaseId").asText());
    }
  }

  private void write(long token) throws IOException {
    Answer answer = client.putFenced("/v1/state/race/target", token);
    if (answer.isSuccess()) {
      JsonNode receipt = answer.json();
      writes.add(
          new FencedWrite(
              receipt.path("incarnation").asLong(), receipt.path("revision").asLong(), token));
    }
  }

  private static void pause(int millis) {
    try {
      if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody counts down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
