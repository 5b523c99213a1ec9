package io.mayfly.protocol.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a log shows of a key. */
final class LogNamesTest {
  private static LogNames under(Privacy privacy) {
    return new LogNames(Contracts.of(namespace -> Contract.STANDARD.with(privacy)));
  }

  @ParameterizedTest
  @EnumSource(names = {"PUBLIC", "INTERNAL"})
  void key_ofOpenNamespace_isNamed(Privacy privacy) {
    assertThat(under(privacy).of("ns", "a/b")).isEqualTo("ns/a/b");
    assertThat(under(privacy).ofPersistenceId("entry|ns/a|b/c")).isEqualTo("entry ns/a|b/c");
  }

  @ParameterizedTest
  @EnumSource(names = {"PERSONAL", "SECRET"})
  void key_ofConfidentialNamespace_isHashed(Privacy privacy) {
    assertThat(under(privacy).of("ns", "abc")).isEqualTo("ns/sha-256:ba7816bf8f01cfea");
    assertThat(under(privacy).ofPersistenceId("lease|ns/abc"))
        .isEqualTo("lease ns/sha-256:ba7816bf8f01cfea");
  }

  @ParameterizedTest
  @CsvSource({"contract|registry", "nothing", "no/bar"})
  void id_thatNamesNoKey_stays(String persistenceId) {
    assertThat(under(Privacy.SECRET).ofPersistenceId(persistenceId)).isEqualTo(persistenceId);
  }

  @Test
  void failure_ofAConfidentialNamespace_hasItsKindsAndItsWayButNoWords() {
    Throwable failure =
        new IllegalStateException("about canary", new ArithmeticException("of canary"));

    Throwable shown = under(Privacy.SECRET).failure("ns", failure);

    assertThat(shown).hasMessage("java.lang.IllegalStateException");
    assertThat(shown.getCause()).hasMessage("java.lang.ArithmeticException");
    assertThat(shown.getStackTrace()).isEqualTo(failure.getStackTrace());
    assertThat(under(Privacy.INTERNAL).failure("ns", failure)).isSameAs(failure);
  }

  @Test
  void namespaces_areJudgedEachByItsOwnContract() {
    LogNames names =
        new LogNames(
            Contracts.of(
                namespace ->
                    Contract.STANDARD.with(
                        namespace.equals("open") ? Privacy.PUBLIC : Privacy.PERSONAL)));

    assertThat(names.of("open", "k")).isEqualTo("open/k");
    assertThat(names.of("closed", "k")).startsWith("closed/sha-256:").doesNotContain("/k");
  }
}
