package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.entry.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instants are milliseconds; now is 100000. Default 60 s, min 1 s, max 100 s, total 150 s. */
final class DeadlinesTest {
  private static final long NOW = 100_000;

  private static Lifetime lifetime(Renewal renewal) {
    return new Lifetime(
        Duration.ofSeconds(60),
        Duration.ofSeconds(1),
        Duration.ofSeconds(100),
        renewal,
        Duration.ofSeconds(150),
        Duration.ZERO);
  }

  private static Lifespan lifespan(String wish) {
    return switch (wish.charAt(0)) {
      case '+' -> new Lifespan(Duration.ofMillis(Long.parseLong(wish.substring(1))), null);
      case '@' -> new Lifespan(null, Instant.ofEpochMilli(Long.parseLong(wish.substring(1))));
      default -> Lifespan.UNSPECIFIED;
    };
  }

  private static String told(Deadlines.Ruling ruling) {
    return ruling.broken()
        ? ruling.violations().stream().map(Violation::rule).collect(Collectors.joining(" "))
        : ruling.deadlineMillis() + " ttl " + ruling.ttlMillis();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -        | 100000 | 160000 ttl 0
          -        |  90000 | 160000 ttl 0
          -        | 150000 | 210000 ttl 0
          +1000    | 100000 | 101000 ttl 1000
          +999     | 100000 | lifetime.min
          +100000  | 100000 | 200000 ttl 100000
          +100001  | 100000 | lifetime.max
          +150001  | 100000 | lifetime.max lifetime.total
          @101000  | 100000 | 101000 ttl 0
          @100999  | 100000 | lifetime.min
          @100000  | 100000 | lifetime.min
          @1       | 100000 | lifetime.min
          @200001  | 100000 | lifetime.max
          +100000  | 200000 | 300000 ttl 100000
          -        | 200001 | lifetime.max
          @150999  | 150000 | lifetime.min
          """)
  void deadline_atBirth_isRuled(String wish, long validFrom, String ruling) {
    assertThat(told(Deadlines.atBirth(lifetime(Renewal.FIXED), lifespan(wish), validFrom, NOW)))
        .isEqualTo(ruling);
  }

  /** The life was created at 0 and stands until 110000; a client once named a ttl of 20 s. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          FIXED     | none    | -     | 0      | 110000 ttl 20000
          FIXED     | @110000 | -     | 0      | 110000 ttl 20000
          FIXED     | @110001 | -     | 0      | lifetime.renewal
          FIXED     | +10000  | -     | 0      | 110000 ttl 10000
          FIXED     | +5000   | -     | 0      | lifetime.renewal
          FIXED     | none    | 10000 | 0      | lifetime.renewal
          RENEWABLE | none    | -     | 0      | 110000 ttl 20000
          RENEWABLE | none    | 30000 | 0      | 130000 ttl 20000
          RENEWABLE | +50000  | -     | 0      | 150000 ttl 50000
          RENEWABLE | +50001  | -     | 0      | lifetime.total
          RENEWABLE | none    | 60000 | 0      | lifetime.total
          RENEWABLE | +100001 | -     | 0      | lifetime.max lifetime.total
          RENEWABLE | +999    | -     | 0      | lifetime.min
          RENEWABLE | +1000   | -     | 0      | 101000 ttl 1000
          RENEWABLE | @100000 | -     | 0      | lifetime.min
          RENEWABLE | none    | -     | 110000 | lifetime.min
          RENEWABLE | +60000  | -     | 120000 | 180000 ttl 60000
          SLIDING   | none    | -     | 0      | 120000 ttl 20000
          SLIDING   | +5000   | -     | 0      | 105000 ttl 5000
          SLIDING   | +90000  | -     | 0      | 150000 ttl 90000
          SLIDING   | +100001 | -     | 0      | lifetime.max
          SLIDING   | +999    | -     | 0      | lifetime.min
          SLIDING   | none    | -     | 120000 | 140000 ttl 20000
          """)
  void deadline_atRenewal_isRuled(
      Renewal renewal, String wish, @Nullable Long implied, long validFrom, String ruling) {
    Life life = new Life(new Version(1, 1), 0, 0, 0, 110_000, 20_000, Json.value("1"), null, 0);

    assertThat(
            told(
                Deadlines.atRenewal(
                    lifetime(renewal),
                    lifespan(wish),
                    implied == null ? null : Duration.ofMillis(implied),
                    life,
                    validFrom,
                    NOW)))
        .isEqualTo(ruling);
  }
}
