package io.mayfly.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** JSON keeps what it says. */
final class JsonTest {
  @Test
  void numbers_readAndWritten_keepEveryDigit() {
    String document = "[18446744073709551615,0.10,-9223372036854775808,1.2345678901234567,0]";

    assertThat(Json.line(Json.read(document))).isEqualTo(document);
  }

  @Test
  void input_thatIsNoDocument_isRefused() {
    for (String text : new String[] {"", " ", "hello", "{} {}", "{\"a\":1,\"a\":2}", "[1,]"}) {
      assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void text_quoted_isOneString() {
    assertThat(new String(Json.quoted("a \"b\"\n"), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("\"a \\\"b\\\"\\n\"");
  }
}
