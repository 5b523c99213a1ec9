package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server's log never shows: tokens, and the keys of confidential namespaces. */
final class SecrecyTest {
  @Test
  void log_atItsMostTalkative_neverShowsAToken(@TempDir Path data) throws IOException {
    TestTokens tokens = new TestTokens().with("me", List.of("*"), "read", "write");
    Map<String, Object> settings = new HashMap<>(tokens.settings());
    settings.put("pekko.loglevel", "DEBUG");
    String secret = tokens.of("me").replace("Bearer ", "");

    List<ILoggingEvent> events = CapturedLog.of(() -> converse(data, settings, secret));

    assertThat(events).anyMatch(event -> event.getLevel() == Level.DEBUG);
    assertThat(events).noneMatch(event -> CapturedLog.text(event).contains(secret));
  }

  @Test
  void warnings_aboutRepairs_hashTheKeysOfPersonalNamespaces(@TempDir Path data)
      throws IOException {
    Map<String, String> personal = Map.of("privacy", "personal");
    try (TestNode node = TestNode.start(data, personal)) {
      for (int i = 0; i < 12; i++) {
        node.put("/v1/state/people/ann-" + i, "1").is(201);
        node.post("/v1/leases/people/ann-" + i + "/acquire", "{\"holder\":\"h\",\"ttl\":\"1m\"}")
            .is(200);
      }
    }
    assertThat(StoredLedger.damage(data.resolve("db"), 5)).isPositive();

    List<ILoggingEvent> events =
        CapturedLog.of(
            () -> {
              try (TestNode node = TestNode.start(data, personal)) {
                Await.until(
                    "a round",
                    () -> node.get("/v1/cluster").json().at("/ledger/rounds").asLong() >= 1);
              }
            });

    List<String> warnings =
        events.stream()
            .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
            .map(CapturedLog::text)
            .toList();
    assertThat(warnings).anyMatch(text -> text.contains("entry people/sha-256:"));
    assertThat(warnings).anyMatch(text -> text.contains("lease people/sha-256:"));
    assertThat(warnings).noneMatch(text -> text.contains("ann-"));
  }

  private static void converse(Path data, Map<String, Object> settings, String secret)
      throws IOException {
    String header = "Authorization: Bearer " + secret;
    try (TestNode node = TestNode.configured(data, settings)) {
      node.put("/v1/state/demo/key", "1", "Authorization", "Bearer " + secret).is(201);
      node.put("/v1/state/demo/key", "{", "Authorization", "Bearer " + secret).is(400);
      node.get("/v1/state/demo/key", "Authorization", "Bearer " + secret + "x").is(401);
      node.get("/v1/state/demo/key", "Authorization", "Basic " + secret).is(401);
      for (String line :
          List.of("BREW / HTTP/1.1", "GET /%zz HTTP/1.1", "GET / HTTP/9.9", "nonsense")) {
        RawExchange exchange =
            RawExchange.send(
                node.uri(),
                RawConversation.request(line, new byte[0], header, "Connection: close"));
        assertThat(exchange.refused()).as(line + ": " + exchange).isTrue();
        assertThat(exchange.toString()).doesNotContain(secret);
      }
      String bad = header + "\u0001, : x";
      assertThat(
              RawExchange.send(
                      node.uri(),
                      RawConversation.request("GET / HTTP/1.1", new byte[0], bad, ": x"))
                  .toString())
          .doesNotContain(secret);
    }
  }
}
