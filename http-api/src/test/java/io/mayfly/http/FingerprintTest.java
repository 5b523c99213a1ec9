package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What tells one request from another. */
final class FingerprintTest {
  private static String of(String... parts) {
    Fingerprint fingerprint = new Fingerprint();
    for (String part : parts) {
      fingerprint.with(part);
    }
    return fingerprint.text();
  }

  @Test
  void fingerprint_ofTheSameParts_isTheSame() {
    assertThat(of("PUT", "a", "")).isEqualTo(of("PUT", "a", "")).hasSize(22);
  }

  @Test
  void fingerprint_ofAnEarlierVersion_isTheSame() {
    assertThat(of("PUT", "v1", "état", "")).isEqualTo("_VadGumMxVr40L9Wq2h4Ug");
  }

  @Test
  void fingerprint_ofPartsThatRunTogether_differs() {
    List<String> all =
        List.of(of("ab"), of("a", "b"), of("", "ab"), of("ab", ""), of("b", "a"), of(), of(""));

    Set<String> distinct = new HashSet<>(all);

    assertThat(distinct).hasSize(all.size());
  }
}
