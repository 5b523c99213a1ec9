package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/RECIPES.md says what happens. */
final class RecipesTest {
  @Test
  void recipes_runAsTheyStand(@TempDir Path data) {
    DocumentedSteps steps = DocumentedSteps.of(Path.of("..", "docs", "RECIPES.md"));

    assertThat(steps.count()).isGreaterThan(10);
    try (TestNode node = TestNode.start(data, Map.of())) {
      steps.run(node);
    }
  }
}
