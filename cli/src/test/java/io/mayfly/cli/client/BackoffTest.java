package io.mayfly.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Waits between attempts. */
final class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2), new SplittableRandom(7));

  @Test
  void waits_ofManyClients_areSpreadFromNothingToTheCeiling() {
    long[] millis =
        IntStream.range(0, 2000).mapToLong(i -> backoff.after(3, null).toMillis()).toArray();

    assertThat(java.util.Arrays.stream(millis).max().orElseThrow()).isLessThan(400);
    assertThat(IntStream.range(0, 4))
        .allMatch(
            quarter ->
                java.util.Arrays.stream(millis).filter(m -> m / 100 == quarter).count() > 400);
  }

  @Test
  void ceiling_afterManyFailures_isTheLongestWait() {
    assertThat(IntStream.range(0, 500).mapToObj(i -> backoff.after(60, null)))
        .allMatch(wait -> wait.compareTo(Duration.ofSeconds(2)) < 0)
        .anyMatch(wait -> wait.compareTo(Duration.ofSeconds(1)) > 0);
  }

  @Test
  void wait_askedFor_isTheLeast() {
    assertThat(IntStream.range(0, 100).mapToObj(i -> backoff.after(1, Duration.ofSeconds(9))))
        .allMatch(wait -> wait.compareTo(Duration.ofSeconds(9)) >= 0);
  }
}
