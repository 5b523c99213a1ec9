package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that are written in headers. */
final class OwnNumberTest {
  @ParameterizedTest
  @ValueSource(strings = {"1", "7", "10", "123456789", "9007199254740991"})
  void text_thatIsANumber_isRead(String text) {
    assertThat(OwnNumber.parse(text)).isEqualTo(Long.parseLong(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "01",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "1a",
        "٧",
        "9007199254740992",
        "9999999999999999",
        "10000000000000000",
        "18446744073709551617"
      })
  void text_thatIsNone_isZero(String text) {
    assertThat(OwnNumber.parse(text)).isZero();
  }
}
