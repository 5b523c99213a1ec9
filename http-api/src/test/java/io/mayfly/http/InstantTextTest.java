package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InstantTextTest {
  private static final DateTimeFormatter REFERENCE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Test
  void format_ofRandomInstants_agreesWithTheLibrary() {
    Random random = Seed.random(InstantTextTest.class);
    for (int i = 0; i < 100_000; i++) {
      Instant instant =
          Instant.ofEpochMilli(random.nextLong(-62_167_219_200_000L, 253_402_300_800_000L));

      String text = InstantText.format(instant);

      assertThat(text).isEqualTo(REFERENCE.format(instant));
      assertThat(InstantText.parse(text)).isEqualTo(instant);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-01T00:00:00Z, 2026-01-01T00:00:00Z",
    "2026-01-01t00:00:00z, 2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.1Z, 2026-01-01T00:00:00.100Z",
    "2026-01-01T00:00:00.1239999Z, 2026-01-01T00:00:00.123Z",
    "2026-01-01T00:00:00+02:30, 2025-12-31T21:30:00Z",
    "2026-01-01T00:00:00-00:00, 2026-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z",
  })
  void parse_ofRfc3339_givesTheInstant(String text, Instant expected) {
    assertThat(InstantText.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00Z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00.",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:60Z",
        "2026-02-29T00:00:00Z",
        "2026-01-01T00:00:00Zx",
        "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00+25:00",
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "+2026-01-01T00:00:00Z",
        "٢٠٢٦-01-01T00:00:00Z"
      })
  void parse_ofAnythingElse_isRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> InstantText.parse(text));
  }
}
