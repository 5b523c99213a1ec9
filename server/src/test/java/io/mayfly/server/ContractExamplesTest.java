package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/CONTRACTS.md do what they say. */
final class ContractExamplesTest {
  private static final int STEPS_MIN = 17;

  @Test
  void everyStep_doesWhatItSays(@TempDir Path data) {
    DocumentedSteps steps = DocumentedSteps.of(Path.of("..", "docs", "CONTRACTS.md"));

    assertThat(steps.count()).isGreaterThanOrEqualTo(STEPS_MIN);
    try (TestNode node = TestNode.start(data, Map.of())) {
      steps.run(node);
    }
  }
}
