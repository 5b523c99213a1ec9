package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.entry.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ProblemCatalogueTest {
  private static final Path PAGES = Path.of("..", "docs", "problems");
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "mayfly", "http");

  @Test
  void catalogue_againstDocs_hasOnePageEach() throws IOException {
    Set<String> pages;
    try (Stream<Path> files = Files.list(PAGES)) {
      pages =
          files
              .map(file -> file.getFileName().toString().replace(".md", ""))
              .collect(Collectors.toCollection(TreeSet::new));
    }

    assertThat(pages)
        .isEqualTo(
            Arrays.stream(ProblemType.values())
                .map(ProblemType::text)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void page_ofEachProblem_namesTypeAndStatus() throws IOException {
    for (ProblemType type : ProblemType.values()) {
      assertThat(Files.readString(PAGES.resolve(type.text() + ".md")))
          .contains(type.urn())
          .contains("status " + type.status())
          .contains("## What happened")
          .contains("## What to do");
    }
  }

  @Test
  void catalogue_againstSources_isUsedWhole() throws IOException {
    String sources;
    try (Stream<Path> files = Files.walk(SOURCES)) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("ProblemType.java") && !file.endsWith("Routes.java"))
              .map(ProblemCatalogueTest::read)
              .collect(Collectors.joining());
    }

    for (ProblemType type : ProblemType.values()) {
      assertThat(sources).contains("ProblemType." + type.name());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * An overloaded node is one problem, whichever bound of it was met, and so is an outcome that is
   * not known, for whatever cause.
   */
  @Test
  void refusal_ofEachReason_hasATypeOfItsOwnUnlessItNeedsNone() {
    Set<Refusal.Reason> node =
        EnumSet.of(
            Refusal.Reason.NODE_OVERLOADED, Refusal.Reason.MEMORY_LOW, Refusal.Reason.NOT_BEGUN);
    Set<Refusal.Reason> unknown =
        EnumSet.of(Refusal.Reason.OUTCOME_UNKNOWN, Refusal.Reason.ANSWER_FORGOTTEN);
    Set<ProblemType> types = EnumSet.noneOf(ProblemType.class);

    Set<Refusal.Reason> others = EnumSet.allOf(Refusal.Reason.class);
    others.removeAll(node);
    others.removeAll(unknown);
    for (Refusal.Reason reason : others) {
      types.add(Refusals.type(reason));
    }

    assertThat(types).hasSize(others.size());
    assertThat(types).doesNotContain(ProblemType.NODE_OVERLOADED, ProblemType.OUTCOME_UNKNOWN);
    assertThat(unknown).allMatch(reason -> Refusals.type(reason) == ProblemType.OUTCOME_UNKNOWN);
    assertThat(node).allMatch(reason -> Refusals.type(reason) == ProblemType.NODE_OVERLOADED);
  }
}
