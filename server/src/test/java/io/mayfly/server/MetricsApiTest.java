package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node counts, as Prometheus reads it, against what the documentation says. */
final class MetricsApiTest {
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
  private static final Path DEPLOY = Path.of("..", "deploy");

  @TempDir static Path data;
  private static TestNode node;

  /** What the process had counted before the node under test started, and repaired its ledger. */
  private static Scrape baseline;

  /** A node that finds drift in its ledger, and forgets fast. */
  @BeforeAll
  static void start() {
    try (TestNode before = TestNode.start(data, Map.of())) {
      for (int i = 0; i < 12; i++) {
        before.put("/v1/state/drifted/k" + i, "1").is(201);
      }
      baseline = Scrape.of(before);
    }
    assertThat(StoredLedger.damage(data.resolve("db"), 5)).isPositive();
    Map<String, Object> settings = new HashMap<>();
    settings.put("mayfly.contract.default.lifetime.tombstone", "100ms");
    settings.put("mayfly.contract.default.idempotency.window", "100ms");
    settings.put("mayfly.entry.snapshot-every", 3);
    settings.put("mayfly.sharding.passivate-after", "1s");
    settings.put("mayfly.ledger.round.interval", "1s");
    node = TestNode.configured(data, settings);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void table_isWhatTheNodeShows() {
    Await.until("the first reading", () -> Scrape.of(node).names().contains("jvm_threads"));

    Scrape scrape = Scrape.of(node);

    assertThat(scrape.types()).isEqualTo(DocumentedMetrics.types());
    assertThat(scrape.help()).isEqualTo(DocumentedMetrics.help());
  }

  @Test
  void load_movesEveryMetricOfTheTable() {
    TreeSet<String> still = new TreeSet<>(DocumentedMetrics.types().keySet());

    try (WatchedStream watched = WatchedStream.open(node, "/v1/watch/moved")) {
      work();
      assertThat(watched.next().event()).isEqualTo("created");
      try {
        Await.until(
            "every metric moves",
            Duration.ofSeconds(40),
            () -> {
              Scrape now = Scrape.of(node);
              still.removeIf(name -> moved(name, baseline, now));
              return still.isEmpty();
            });
      } finally {
        assertThat(still).as("what did not move").isEmpty();
      }
    }
  }

  private static boolean moved(String name, Scrape before, Scrape now) {
    String type = DocumentedMetrics.types().getOrDefault(name, "");
    return "gauge".equals(type)
        ? now.of(name, type) > 0
        : now.of(name, type) > before.of(name, type);
  }

  private static void work() {
    for (int i = 0; i < 5; i++) {
      node.put("/v1/state/moved/kept?ttl=1m", "1");
    }
    node.put("/v1/state/moved/short?ttl=100ms", "1").is(201);
    node.put("/v1/state/moved/k?ttl=30s", "1").is(201);
    node.delete("/v1/state/moved/k").is(200);
    node.get("/v1/state/moved/nothing").is(404);
    contract("in-shadow", "{\"mutation\":{\"transitions\":{\"create\":\"shadow\"}}}");
    node.put("/v1/state/in-shadow/k", "1").is(202);
    contract("in-memory", "{\"durability\":\"volatile\"}");
    node.put("/v1/state/in-memory/k?ttl=1m", "1").is(201);
    String lease = "/v1/leases/moved/door/acquire";
    node.post(lease, "{\"holder\":\"a\",\"ttl\":\"4s\"}").is(200);
    Thread second =
        new Thread(
            () -> node.post(lease, "{\"holder\":\"b\",\"ttl\":\"1m\",\"wait\":\"10s\"}").is(200));
    second.setDaemon(true);
    second.start();
    System.gc();
  }

  private static void contract(String namespace, String document) {
    node.put("/v1/contracts/" + namespace, document).is(201);
  }

  @Test
  void entries_areCountedByNamespaceAndReason() {
    node.put("/v1/state/counted/k?ttl=30s", "1");
    node.delete("/v1/state/counted/k");

    Await.until(
        "the counters move",
        () -> {
          String text = node.get("/metrics").text();
          return text.contains("mayfly_entries_created_total{namespace=\"counted\"} 1.0")
              && text.contains("mayfly_entries_standing{namespace=\"counted\"} 0.0")
              && text.lines()
                  .anyMatch(
                      line ->
                          line.startsWith("mayfly_entries_ended_total{")
                              && line.contains("\"counted\"")
                              && line.contains("\"deleted\"")
                              && line.endsWith(" 1.0"));
        });
  }

  @Test
  void queues_areShownWithTheirLimits() {
    Await.until(
        "the gauges move",
        () -> {
          String text = node.get("/metrics").text();
          return text.contains("mayfly_queue_limit{queue=\"node\"}")
              && text.contains("mayfly_queue_depth{queue=\"memory\"}");
        });
    assertThat(node.get("/v1/pressure").text())
        .contains("\"namespace\":{\"depth\":")
        .contains("\"leases-waiting\":{\"depth\":");
  }

  @Test
  void promtool_findsNothingWrongWithMetrics(@TempDir Path work) throws Exception {
    Await.until("the first reading", () -> Scrape.of(node).names().contains("jvm_threads"));
    Path metrics = Files.write(work.resolve("metrics"), node.get("/metrics").bytes());

    assertThat(promtool(work, metrics, "check", "metrics")).isEmpty();
  }

  @Test
  void alerts_areSixRulesOverMetricsOfTheTable(@TempDir Path work) throws Exception {
    Path rules = DEPLOY.resolve("prometheus/alerts.yml");
    String text = DocumentedMetrics.read(rules);

    assertThat(text.lines().filter(line -> line.contains("- alert:"))).hasSize(6);
    assertThat(DocumentedMetrics.namedIn(text))
        .isNotEmpty()
        .isSubsetOf(DocumentedMetrics.types().keySet());
    assertThat(promtool(work, rules, "check", "rules", rules.toString()))
        .contains("SUCCESS: 6 rules found");
  }

  @Test
  void dashboard_namesMetricsOfTheTableOnly() throws IOException {
    String text = DocumentedMetrics.read(DEPLOY.resolve("grafana/mayfly.json"));

    assertThat(Answer.JSON.readTree(text).path("panels").size()).isGreaterThan(10);
    assertThat(DocumentedMetrics.namedIn(text))
        .isNotEmpty()
        .isSubsetOf(DocumentedMetrics.types().keySet());
  }

  /** What promtool says; it must be content. */
  private static String promtool(Path work, Path input, String... arguments) throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(PROMTOOL), "skipped: there is no promtool (.ci/tools installs it)");
    String[] command = new String[arguments.length + 1];
    command[0] = PROMTOOL.toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Path output = work.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(input.toFile());
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
