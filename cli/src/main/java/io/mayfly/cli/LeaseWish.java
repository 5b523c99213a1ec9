package io.mayfly.cli;

import io.mayfly.cli.lease.Lease;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an acquire asks for. */
final class LeaseWish {
  @Option(
      names = "--ttl",
      required = true,
      paramLabel = "DURATION",
      description = "It is lost so long after it was last renewed.")
  private Duration ttl = Duration.ZERO;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      description = "Stands in the queue so long; not at all unless told.")
  private Duration wait = Duration.ZERO;

  @Option(names = "--permits", paramLabel = "NUMBER", description = "How many; 1 unless told.")
  private int permits = 1;

  @Option(
      names = "--holder",
      paramLabel = "TEXT",
      description = "Who holds it, for others to see; user, host and process unless told.")
  private @Nullable String holder;

  Lease.Wish wish() {
    return new Lease.Wish(holder == null ? self() : holder, ttl, permits, wait);
  }

  Duration ttl() {
    return ttl;
  }

  private static String self() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "localhost";
    }
    return System.getProperty("user.name") + '@' + host + ':' + ProcessHandle.current().pid();
  }
}
