package io.mayfly.protocol.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.Precondition.Tags;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PreconditionTest {
  @ParameterizedTest
  @CsvSource({
    // if-match, if-none-match, current, holds
    ",,,true",
    ",,1,true",
    "*,,,false",
    "*,,1,true",
    "1,,1,true",
    "1,,2,false",
    "1,,,false",
    ",*,,true",
    ",*,1,false",
    ",1,1,false",
    ",1,2,true",
    "1,1,1,false",
    "1,2,1,true",
  })
  void conditions_holdAsInRfc9110(
      @Nullable String match, @Nullable String noneMatch, @Nullable Long current, boolean holds) {
    Precondition precondition = new Precondition(tags(match), tags(noneMatch));

    assertThat(precondition.holds(current == null ? null : new Version(9, current)))
        .isEqualTo(holds);
  }

  private static @Nullable Tags tags(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return text.equals("*")
        ? Tags.ANY
        : new Tags(false, Set.of(new Version(9, Long.parseLong(text))));
  }
}
