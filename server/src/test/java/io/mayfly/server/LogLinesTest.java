package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a real process. */
final class LogLinesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final Pattern READY = Pattern.compile("ready at (http://[^\\s]+)");

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

  @Test
  void changeOfAKey_whereChangesAreTold_isALineInTheVocabulary(@TempDir Path work)
      throws Exception {
    Output output =
        run(
            work,
            LogLinesTest::createAndDelete,
            "--set",
            "mayfly.log.format=json",
            "--set",
            "mayfly.log.changes=on");

    List<JsonNode> changes = new ArrayList<>();
    for (String line : output.errors()) {
      JsonNode json = Answer.JSON.readTree(line);
      if (json.path("logger").asText().equals("io.mayfly.events")) {
        changes.add(json);
      }
    }
    assertThat(changes).hasSize(2);
    JsonNode created = changes.get(0);
    JsonNode ended = changes.get(1);
    for (JsonNode change : changes) {
      assertThat(change.path("level").asText()).isEqualTo("DEBUG");
      assertThat(change.path("namespace").asText()).isEqualTo("told");
      assertThat(change.path("key").asText()).isEqualTo("k");
      assertThat(change.path("shard").asText()).matches("\\d+");
      assertThat(change.path("node").asText()).startsWith("pekko://mayfly@");
      assertThat(change.path("producer").asText()).isEqualTo("till-7");
      assertThat(change.path("traceId").asText()).isEqualTo(TRACE);
      assertThat(change.path("incarnation").asLong()).isPositive();
    }
    assertThat(created.path("event").asText()).isEqualTo("created");
    assertThat(created.path("revision").asLong()).isEqualTo(1);
    assertThat(created.has("reason")).isFalse();
    assertThat(ended.path("event").asText()).isEqualTo("ended");
    assertThat(ended.path("revision").asLong()).isEqualTo(2);
    assertThat(ended.path("reason").asText()).isEqualTo("deleted");
  }

  private static void createAndDelete(URI node) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.resolve("/v1/state/told/k"))
            .header("Mayfly-Producer", "till-7")
            .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-00");
    assertThat(status(client, request.PUT(BodyPublishers.ofString("1")))).isEqualTo(201);
    assertThat(status(client, request.DELETE())).isEqualTo(200);
  }

  private static int status(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private record Output(String out, List<String> errors) {}

  /** What is done to a node that is ready. */
  private interface Visit {
    void to(URI node) throws IOException, InterruptedException;
  }

  /** Starts a server, waits until it is ready, and stops it. */
  private static Output run(Path work, String... more) throws IOException, InterruptedException {
    return run(work, node -> {}, more);
  }

  private static Output run(Path work, Visit visit, String... more)
      throws IOException, InterruptedException {
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
          () -> READY.matcher(Files.readString(out)).find() || !process.isAlive());
      Matcher ready = READY.matcher(Files.readString(out));
      assertThat(ready.find()).isTrue();
      visit.to(URI.create(ready.group(1)));
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
