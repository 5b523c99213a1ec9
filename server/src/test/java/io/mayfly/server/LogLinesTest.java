package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a real process. */
final class LogLinesTest {
  @Test
  void logOfAProcess_withoutATerminal_isJsonLines(@TempDir Path work) throws Exception {
    Output output = run(work);

    assertThat(output.out()).containsOnlyOnce("Mayfly is ready at http://127.0.0.1:");
    assertThat(output.errors()).isNotEmpty();
    for (String line : output.errors()) {
      JsonNode json = Answer.JSON.readTree(line);
      for (String field : List.of("at", "level", "logger", "thread", "message")) {
        assertThat(json.path(field).asText()).as(line).isNotEmpty();
      }
    }
    JsonNode last = Answer.JSON.readTree(output.errors().get(output.errors().size() - 1));
    assertThat(last.path("message").asText()).isEqualTo("stopped");
    assertThat(last.path("node").asText()).startsWith("pekko://mayfly@127.0.0.1:");
  }

  @Test
  void logOfAProcess_asText_isForPeople(@TempDir Path work) throws Exception {
    Output output = run(work, "--set", "mayfly.log.format=text");

    assertThat(output.out()).containsOnlyOnce("Mayfly is ready at http://127.0.0.1:");
    assertThat(output.errors().get(output.errors().size() - 1))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO .*stopped ?");
  }

  private record Output(String out, List<String> errors) {}

  /** Starts a server, waits until it is ready, and stops it. */
  private static Output run(Path work, String... more) throws IOException, InterruptedException {
    Path out = work.resolve("out");
    Path err = work.resolve("err");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "io.mayfly.server.Main",
                "server",
                "--port",
                "0",
                "--data",
                work.resolve("data").toString()));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      Await.until(
          "ready",
          Duration.ofSeconds(60),
          () -> Files.readString(out).contains("ready") || !process.isAlive());
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Output(
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readAllLines(err, StandardCharsets.UTF_8));
  }
}
