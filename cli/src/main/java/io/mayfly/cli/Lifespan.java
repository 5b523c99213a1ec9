package io.mayfly.cli;

import io.mayfly.cli.client.Target;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long an entry is to live. */
final class Lifespan {
  @Option(names = "--ttl", paramLabel = "DURATION", description = "It ends so long from now: 30s.")
  private @Nullable Duration ttl;

  @Option(
      names = "--expires-at",
      paramLabel = "INSTANT",
      description = "It ends then: 2027-01-31T12:00:00Z.")
  private @Nullable String expiresAt;

  Target on(Target target) {
    return target.with("ttl", Durations.text(ttl)).with("expires-at", expiresAt);
  }
}
