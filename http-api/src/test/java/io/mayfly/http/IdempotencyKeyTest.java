package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of the {@code Idempotency-Key} header. */
final class IdempotencyKeyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          abc      | abc
          "abc"    | abc
          `  "a" ` | a
          a;b=c    | a;b=c
          """)
  void key_quotedOrBare_isTheSame(String header, String key) {
    assertThat(IdempotencyKey.text(header)).isEqualTo(key);
  }

  @Test
  void key_of128Characters_isTheLongest() {
    String longest = "k".repeat(128);

    assertThat(IdempotencyKey.text('"' + longest + '"')).isEqualTo(longest);
    assertThatThrownBy(() -> IdempotencyKey.text(longest + 'k')).hasMessageContaining("128");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "  ", "\"\"", "\"", "a b", "a\tb", "a\u0000", "a\u007f", "\u00e9", "\"a", "a\"b"
      })
  void key_malformed_isRefused(String header) {
    assertThatThrownBy(() -> IdempotencyKey.text(header)).hasMessageContaining("128");
  }
}
