package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tries the steps of docs/CONTRACTS.md, in their order, on the real server. */
final class ContractExamplesTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)```\n(.*?)```");
  private static final Pattern STEP =
      Pattern.compile("(?s)([A-Z]+) (\\S+)\n((?:[A-Za-z-]+: [^\n]+\n)*)\n(.*?)=> (\\d{3})(.*)");
  private static final int STEPS_MIN = 17;

  /** One request, and what is to come of it. */
  private record Step(
      String method, String target, List<String> headers, String body, int status, String problem) {
    static Step parse(String block) {
      Matcher matcher = STEP.matcher(block);
      assertThat(matcher.matches()).as("a step: %s", block).isTrue();
      List<String> headers = new ArrayList<>();
      for (String line : matcher.group(3).split("\n", -1)) {
        if (!line.isEmpty()) {
          headers.add(line.substring(0, line.indexOf(':')));
          headers.add(line.substring(line.indexOf(':') + 2));
        }
      }
      return new Step(
          matcher.group(1),
          matcher.group(2),
          headers,
          matcher.group(4).strip(),
          Integer.parseInt(matcher.group(5)),
          matcher.group(6).strip());
    }
  }

  @Test
  void everyStep_doesWhatItSays(@TempDir Path data) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "CONTRACTS.md"));
    List<Step> steps =
        BLOCK.matcher(page).results().map(block -> Step.parse(block.group(1))).toList();

    assertThat(steps).hasSizeGreaterThanOrEqualTo(STEPS_MIN);
    try (TestNode node = TestNode.start(data, Map.of())) {
      for (Step step : steps) {
        Answer answer =
            node.send(
                step.method(),
                step.target(),
                BodyPublishers.ofString(step.body()),
                step.headers().toArray(new String[0]));
        if (step.problem().isEmpty()) {
          answer.is(step.status());
        } else {
          answer.isProblem(step.status(), step.problem());
        }
      }
    }
  }
}
