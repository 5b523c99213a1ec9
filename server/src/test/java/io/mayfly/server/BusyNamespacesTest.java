package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The busiest namespaces have metrics of their own, in places that others give up. */
final class BusyNamespacesTest {
  private static final Pattern COUNT =
      Pattern.compile("mayfly_entries_created_total\\{namespace=\"([^\"]+)\"\\} (\\S+)");
  private static final String HELD = "mayfly_leases_held{namespace=\"%s\"} 1.0";

  private final Map<String, Double> last = new HashMap<>();
  private int created;

  @Test
  void namespace_thatBecomesBusy_takesAPlaceAndTheSeriesOfTheIdleOneEnds(@TempDir Path data) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("mayfly.telemetry.namespaces-max", 1);
    settings.put("mayfly.telemetry.namespaces-window", "1s");
    try (TestNode node = TestNode.configured(data, settings)) {
      node.post("/v1/leases/busy-b/door/acquire", "{\"holder\":\"h\",\"ttl\":\"5m\"}").is(200);
      use(node, "busy-a", "busy-c");
      use(node, "busy-b", "busy-a");
      Await.until(
          "the lease from before there was a place",
          () -> node.get("/metrics").text().contains(HELD.formatted("busy-b")));
      use(node, "busy-c", "busy-b");
      use(node, "busy-a", "busy-c");
    }
  }

  /** Uses a namespace until it has a place; then another one that nobody uses has none. */
  private void use(TestNode node, String namespace, String idle) {
    Await.until(
        namespace + " in the place of " + idle,
        Duration.ofSeconds(40),
        () -> {
          for (int i = 0; i < 5; i++) {
            node.put("/v1/state/" + namespace + "/k" + created++ + "?ttl=10m", "1").is(201);
          }
          Map<String, Double> counts = counts(node.get("/metrics").text());
          counts.forEach(
              (name, count) ->
                  assertThat(count)
                      .as("%s, which was %s", name, last.get(name))
                      .isGreaterThanOrEqualTo(last.getOrDefault(name, 0.0)));
          last.clear();
          last.putAll(counts);
          return counts.containsKey(namespace)
              && counts.get(namespace) > 0
              && !counts.containsKey(idle);
        });
  }

  private static Map<String, Double> counts(String metrics) {
    Map<String, Double> counts = new HashMap<>();
    Matcher lines = COUNT.matcher(metrics);
    while (lines.find()) {
      counts.put(lines.group(1), Double.valueOf(lines.group(2)));
    }
    return counts;
  }
}
