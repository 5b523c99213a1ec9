package io.mayfly.protocol.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "250ms, 250",
    "0ms, 0",
    "0s, 0",
    "30s, 30000",
    "5m, 300000",
    "2h, 7200000",
    "7d, 604800000",
    "007d, 604800000",
    "000000000005s, 5000",
    "999999999999ms, 999999999999",
    "PT30S, 30000",
    "PT0S, 0",
    "PT1.5S, 1500",
    "PT0.0019S, 1",
    "PT1H30M, 5400000",
    "P1D, 86400000",
    "P1DT2H, 93600000",
    "365250d, 31557600000000",
    "P365250D, 31557600000000",
    "31557600000000ms, -1",
  })
  void text_thatIsADuration_isRead(String text, long millis) {
    if (millis < 0) {
      assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text));
    } else {
      assertThat(DurationText.parse(text).toMillis()).isEqualTo(millis);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-5s",
        "+5s",
        "1.5s",
        "1h30m",
        "30",
        "s",
        "5 s",
        "0000000000005s",
        "5sm",
        "5mss",
        "0",
        "5PT5S",
        " 5s",
        "5s\n",
        "5S",
        "5w",
        "1e3s",
        "٥s",
        "P",
        "PT",
        "PT-5S",
        "-PT5S",
        "P-1D",
        "pt5s",
        "P1Y",
        "P1M",
        "P1W",
        "PT1S1H",
        "PT.S",
        "P1DT",
        "PTS",
        "PT1,5S",
        "365251d",
        "P365251D",
        "PT8766001H"
      })
  void text_thatIsNoDuration_isRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "999999999999d",
        "999999999999h",
        "999999999999m",
        "9999999999999999999999s",
        "P99999999999999999999D",
        "P106751991167301D",
        "PT9223372036854775807S",
        "PT9223372036854775807H",
        "PT99999999999999999999999999H",
        "PT0.99999999999999999999S"
      })
  void text_ofAHugeNumber_isRefusedAndNeverOverflows(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "PT0S, 0s",
    "PT0.001S, 1ms",
    "PT1.5S, 1500ms",
    "PT90S, 90s",
    "PT1M, 1m",
    "PT90M, 90m",
    "PT24H, 1d",
    "P365250D, 365250d",
  })
  void format_takesTheLargestUnitThatDivides(String iso, String text) {
    Duration duration = Duration.parse(iso);

    assertThat(DurationText.format(duration)).isEqualTo(text);
    assertThat(DurationText.parse(text)).isEqualTo(duration);
  }
}
