package io.mayfly.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every problem that is documented has advice here. */
final class AdviceTest {
  @Test
  void problems_documented_haveAdviceOfTheirOwn() throws IOException {
    List<String> types;
    try (Stream<Path> pages =
        Files.list(Path.of(System.getProperty("basedir", "."), "../docs/problems"))) {
      types = pages.map(page -> page.getFileName().toString().replace(".md", "")).toList();
    }

    assertThat(types).hasSizeGreaterThan(50);
    assertThat(types).noneMatch(type -> Advice.on(type).equals(Advice.on("about:blank")));
  }
}
