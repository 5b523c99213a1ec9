package io.mayfly.protocol.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EntryIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "checkout-session", "a.b_c-d", "0-", "a..b"})
  void namespace_wellFormed_isTaken(String namespace) {
    assertThat(new EntryId(namespace, "k").namespace()).isEqualTo(namespace);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", ".a", "_a", "A", "a/b", "a b", "ä", "a\n"})
  void namespace_malformed_isRefused(String namespace) {
    assertThatIllegalArgumentException().isThrownBy(() -> new EntryId(namespace, "k"));
  }

  @Test
  void namespace_atAndAboveItsLength_isTakenAndRefused() {
    assertThat(new EntryId("a".repeat(63), "k").namespace()).hasSize(63);
    assertThatIllegalArgumentException().isThrownBy(() -> new EntryId("a".repeat(64), "k"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "/", "//", "...", " ", "ключ", "😀", "a.b", "é"})
  void key_wellFormed_readsBackFromItsText(String key) {
    EntryId id = new EntryId("ns", key);

    EntryId readBack = EntryId.parse(id.text());

    assertThat(readBack).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a\u0000", "\n", "a\u007f", "\u0085"})
  void key_malformed_isRefused(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> new EntryId("ns", key));
  }

  /** Two such keys would share their bytes of UTF-8, and so their place in the journal. */
  @ParameterizedTest
  @ValueSource(strings = {"HIGH", "aHIGH", "LOW", "LOWHIGH", "HIGHa"})
  void key_withALoneSurrogate_isRefused(String shape) {
    String key = shape.replace("HIGH", "\ud83d").replace("LOW", "\ude00");

    assertThatIllegalArgumentException().isThrownBy(() -> new EntryId("ns", key));
  }

  @Test
  void key_length_isCountedInBytesOfUtf8() {
    assertThat(new EntryId("ns", "😀".repeat(128)).key()).hasSize(256);
    assertThat(new EntryId("ns", "a".repeat(512)).key()).hasSize(512);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EntryId("ns", "😀".repeat(128) + "a"));
    assertThatIllegalArgumentException().isThrownBy(() -> new EntryId("ns", "a".repeat(513)));
    assertThatIllegalArgumentException().isThrownBy(() -> new EntryId("ns", "é".repeat(257)));
  }

  @Test
  void parse_withoutSlash_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> EntryId.parse("ns"));
  }
}
