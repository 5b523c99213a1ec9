package io.mayfly.protocol.entry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VersionTest {
  @Test
  void etag_ofAnyVersion_readsBack() {
    Version version = new Version((1L << 53) - 1, 4711);

    assertThat(version.etag()).isEqualTo("\"9007199254740991.4711\"");
    assertThat(Version.fromEtag(version.etag())).contains(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.1",
        "\"1.1",
        "W/\"1.1\"",
        "\"1\"",
        "\"1.\"",
        "\".1\"",
        "\"-1.1\"",
        "\"1.1.1\"",
        "\"a.b\"",
        "\"١.١\"",
        "\"1.1\"\n",
        "\"99999999999999999.1\"",
        "\"1.99999999999999999999999999\""
      })
  void fromEtag_ofAForeignTag_isEmpty(String etag) {
    assertThat(Version.fromEtag(etag)).isEmpty();
  }

  /** Strong tags are equal only character by character (RFC 9110, 8.8.3.2). */
  @ParameterizedTest
  @ValueSource(strings = {"\"01.1\"", "\"1.01\"", "\"0.1\"", "\"1.0\""})
  void fromEtag_ofATagThatWasNeverGivenOut_isEmpty(String etag) {
    assertThat(Version.fromEtag(etag)).isEmpty();
  }

  @Test
  void next_growsTheRevisionAlone() {
    assertThat(new Version(7, 1).next()).isEqualTo(new Version(7, 2));
  }
}
