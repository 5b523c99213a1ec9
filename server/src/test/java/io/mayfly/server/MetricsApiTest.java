package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testing.Await;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node counts, as Prometheus reads it. */
final class MetricsApiTest {
  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(data, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void metrics_afterALife_countItsBeginningAndItsEnd() {
    node.put("/v1/state/counted/k?ttl=30s", "1");
    node.delete("/v1/state/counted/k");

    Await.until(
        "the counters move",
        () ->
            metrics().contains("mayfly_entries_created_total{namespace=\"counted\"} 1.0")
                && counted("mayfly_entries_ended_total", "namespace=\"counted\"", "deleted"));
    assertThat(metrics())
        .contains("# HELP mayfly_ends_lateness_seconds")
        .contains("mayfly_entries_standing{namespace=\"counted\"} 0.0");
  }

  @Test
  void refusals_areCountedByReason() {
    node.get("/v1/state/counted/nothing");

    Await.until(
        "the counters move",
        () -> counted("mayfly_commands_refused_total", "namespace=\"counted\"", "unknown-key"));
  }

  @Test
  void queues_areShownWithTheirLimits() {
    Await.until(
        "the gauges move",
        () ->
            metrics().contains("mayfly_queue_limit{queue=\"node\"}")
                && metrics().contains("mayfly_queue_depth{queue=\"memory\"}"));
    assertThat(node.get("/v1/pressure").text())
        .contains("\"namespace\":{\"depth\":")
        .contains("\"leases-waiting\":{\"depth\":0,\"limit\":8192}");
  }

  private static boolean counted(String metric, String... tags) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(metric + '{'))
        .anyMatch(line -> Arrays.stream(tags).allMatch(line::contains));
  }

  private static String metrics() {
    return node.get("/metrics").text();
  }
}
