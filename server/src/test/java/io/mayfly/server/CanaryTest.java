package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A value of a secret namespace appears nowhere but in the answers to those who read it, and a key
 * of it in no log.
 */
final class CanaryTest {
  private static final String CANARY = "canary-5f1d0c7b";
  private static final String KEY = "canary-key-77c1e5";
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void secretValue_isInNoLogMetricTraceOrPage(@TempDir Path data) throws IOException {
    List<String> shown = new ArrayList<>();
    try (TraceCollector collector = new TraceCollector()) {
      Map<String, Object> settings = new HashMap<>();
      settings.put("pekko.loglevel", "DEBUG");
      settings.put("mayfly.tracing.endpoint", collector.endpoint());
      settings.put("mayfly.tracing.sampling", 1.0);
      settings.put("mayfly.entry.snapshot-every", 2);

      List<ILoggingEvent> log =
          CapturedLog.of(
              () -> {
                try (TestNode node = TestNode.configured(data, settings)) {
                  live(node, shown);
                  collector.await("the end", span -> span.getName().equals("end"));
                  Await.until("metrics", () -> node.get("/metrics").text().contains("\"vault\""));
                  for (String page :
                      List.of("/", "/metrics", "/v1/cluster", "/v1/pressure", "/v1/contracts")) {
                    shown.add(node.get(page).text());
                  }
                }
              });

      assertThat(log).isNotEmpty();
      assertThat(log).noneMatch(event -> CapturedLog.text(event).contains(CANARY));
      assertThat(log).noneMatch(event -> CapturedLog.line(event).contains(KEY));
      assertThat(shown).isNotEmpty().noneMatch(text -> text.contains(CANARY));
      assertThat(collector.bytes()).contains("putEntry").doesNotContain(CANARY);
    }
  }

  /** Everything that can go right and wrong with a secret, without its plain reading. */
  private static void live(TestNode node, List<String> shown) {
    String schema = "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}";
    node.put("/v1/contracts/vault", "{\"privacy\":\"secret\",\"schema\":" + schema + "}").is(201);
    String key = "/v1/state/vault/" + KEY;
    String secret = "{\"s\":\"" + CANARY + "\"}";
    try (WatchedStream watched = WatchedStream.open(node, "/v1/watch/vault")) {
      shown.add(node.put(key + "?ttl=10s", secret, "traceparent", TRACEPARENT).is(201).text());
      for (int i = 0; i < 5; i++) {
        shown.add(node.put(key, secret).is(200).text());
      }
      shown.add(node.put(key, "{\"n\":\"" + CANARY + "\"}").is(422).text());
      shown.add(node.put(key, "{\"s\":\"" + CANARY).is(400).text());
      shown.add(node.post(key + "/increment", "{\"by\":\"" + CANARY + "\"}").text());
      shown.add(
          node.jsonPatch(key, "[{\"op\":\"test\",\"path\":\"/s\",\"value\":\"" + CANARY + "x\"}]")
              .is(409)
              .text());
      shown.add(node.get("/v1/state/vault").is(200).text());
      shown.add(node.get(key + "/history").is(200).text());
      shown.add(node.delete(key, "traceparent", TRACEPARENT).is(200).text());
      shown.add(node.get(key).is(410).text());
      shown.add(watched.next(7).toString());
    }
  }
}
