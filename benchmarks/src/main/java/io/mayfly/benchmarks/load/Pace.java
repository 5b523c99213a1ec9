package io.mayfly.benchmarks.load;

import java.time.Duration;

/**
 * How fast and how long a run sends.
 *
 * @param connections how many connections, each with at most one request in flight
 * @param ratePerSecond 0 for a closed loop, which sends as soon as an answer is there; else an open
 *     loop, which sends at this rate and measures from the instant at which a request was due
 * @param warmup how long nothing is measured
 * @param window how long is measured
 * @param requestsMax the run ends after so many requests, at the latest
 */
public record Pace(
    int connections, long ratePerSecond, Duration warmup, Duration window, long requestsMax) {
  private static final Duration LONG = Duration.ofHours(1);

  public Pace {
    if (connections < 1) {
      throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
    }
    if (ratePerSecond < 0) {
      throw new IllegalArgumentException("ratePerSecond: " + ratePerSecond + " (expected: >= 0)");
    }
  }

  /** As fast as the server answers, for a while. */
  public static Pace closed(int connections, Duration warmup, Duration window) {
    return new Pace(connections, 0, warmup, window, Long.MAX_VALUE);
  }

  /** As fast as the server answers, so many requests. */
  public static Pace count(int connections, long requests) {
    return new Pace(connections, 0, Duration.ZERO, LONG, requests);
  }

  /** At a rate, whatever the server does, for a while. */
  public static Pace open(int connections, long ratePerSecond, Duration window) {
    return new Pace(connections, ratePerSecond, Duration.ZERO, window, Long.MAX_VALUE);
  }
}
