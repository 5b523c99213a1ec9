package io.mayfly.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tutorial shows code that runs. */
final class TutorialTest {
  private static final Path DOCS = Path.of("../docs");

  @Test
  void tutorial_showsTheExampleProject() throws IOException {
    Path example =
        DOCS.resolve("examples/checkout-simulation/src/test/java/shop/CheckoutTest.java");

    assertThat(Files.readString(DOCS.resolve("SIMULATION.md")))
        .contains("```java\n" + Files.readString(example) + "```");
  }
}
