package io.mayfly.benchmarks.lateness;

import io.mayfly.protocol.time.SteadyClock;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Writes keys that live for a moment and reads each without pause until it is gone.
 *
 * <p>Client and server read the same machine's clock, each in whole milliseconds, so an answer
 * within {@link #BLUR_MILLIS} of the deadline proves nothing and is not counted.
 */
final class DeadlineProbe {
  /** How far the two clocks may differ. */
  static final long BLUR_MILLIS = 2;

  private static final int TTL_MILLIS = 300;

  private final StateClient client;
  private final SteadyClock clock = SteadyClock.system();
  private volatile boolean stopped;
  private long keys;
  private long reads;
  private long readableLate;
  private long goneEarly;

  private DeadlineProbe(StateClient client) {
    this.client = client;
  }

  /** Begins to probe in a thread of its own. */
  static Running start(StateClient client) {
    DeadlineProbe probe = new DeadlineProbe(client);
    CompletableFuture<DeadlineProbe> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                probe.run();
                done.complete(probe);
              } catch (IOException | InterruptedException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            },
            "deadline-probe");
    thread.setDaemon(true);
    thread.start();
    return new Running(probe, done);
  }

  /** A probe at work. */
  record Running(DeadlineProbe probe, CompletableFuture<DeadlineProbe> done) {
    /** Ends the probe and returns what it counted. */
    DeadlineProbe stop() throws InterruptedException {
      probe.stopped = true;
      try {
        return done.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("probe failed", e.getCause());
      }
    }
  }

  private void run() throws IOException, InterruptedException {
    while (!stopped) {
      clock.follow();
      String path = "/v1/state/probe/k" + keys++;
      String receipt =
          client.put(path + "?ttl=" + TTL_MILLIS + "ms", "1").path("expiresAt").asText();
      readUntilGone(path, Instant.parse(receipt).toEpochMilli());
    }
  }

  private void readUntilGone(String path, long deadlineMillis)
      throws IOException, InterruptedException {
    boolean gone = false;
    while (!gone) {
      long sentMillis = clock.millis();
      int status = client.status(path);
      gone = status == 410;
      reads++;
      if (status == 200 && sentMillis >= deadlineMillis + BLUR_MILLIS) {
        readableLate++;
      }
      if (gone && clock.millis() < deadlineMillis - BLUR_MILLIS) {
        goneEarly++;
      }
    }
  }

  long keys() {
    return keys;
  }

  long reads() {
    return reads;
  }

  /** Answers with the value to requests sent at or after the deadline. */
  long readableLate() {
    return readableLate;
  }

  /** Answers 410 received before the deadline. */
  long goneEarly() {
    return goneEarly;
  }
}
