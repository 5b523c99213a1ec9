package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log says of keys whose journal cannot be written or read. */
final class JournalTroubleTest {
  private static final String KEY = "canary-77c1e5";
  private static final String HASH = "sha-256:";
  private static final String UNCONFIRMED = "the journal did not confirm what happened to a key";

  @AfterEach
  void mend() {
    BrokenSerializer.fail(BrokenSerializer.Fault.NONE);
  }

  @Test
  void trouble_ofASecretKey_isToldByItsHash(@TempDir Path data) throws IOException {
    List<ILoggingEvent> log =
        CapturedLog.of(
            () -> {
              try (TestNode node = TestNode.configured(data, BrokenSerializer.settings())) {
                node.put("/v1/contracts/vault", "{\"privacy\":\"secret\"}").is(201);
                live(node, "vault");
              }
              restartWithoutReading(data, "vault");
            });

    assertThat(log).noneMatch(event -> CapturedLog.line(event).contains(KEY));
    assertThat(told(log, UNCONFIRMED)).hasSize(2).allSatisfy(JournalTroubleTest::isOfTheVault);
    assertThat(told(log, UNCONFIRMED))
        .allSatisfy(line -> assertThat(line).containsEntry("producer", "till-7"));
    assertThat(log)
        .filteredOn(event -> event.getMessage().equals(UNCONFIRMED))
        .allMatch(event -> CapturedLog.line(event).contains("IllegalStateException"))
        .allMatch(event -> CapturedLog.line(event).contains("BrokenSerializer.toBinary"));
    assertThat(told(log, "a key cannot be read from its journal"))
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(JournalTroubleTest::isOfTheVault);
  }

  private static void isOfTheVault(Map<String, String> line) {
    assertThat(line)
        .containsEntry("namespace", "vault")
        .hasEntrySatisfying("key", key -> assertThat(key).startsWith(HASH).hasSize(24))
        .hasEntrySatisfying("shard", shard -> assertThat(shard).matches("\\d+"));
  }

  @Test
  void trouble_ofAnotherKey_isToldWithItsCause(@TempDir Path data) throws IOException {
    List<ILoggingEvent> log =
        CapturedLog.of(
            () -> {
              try (TestNode node = TestNode.configured(data, BrokenSerializer.settings())) {
                live(node, "open");
              }
            });

    assertThat(told(log, UNCONFIRMED).get(0))
        .containsEntry("namespace", "open")
        .containsEntry("key", KEY)
        .containsEntry("event", "updated")
        .containsEntry("revision", "2")
        .containsEntry("producer", "till-7");
    assertThat(log)
        .anyMatch(
            event ->
                event.getMessage().equals(UNCONFIRMED)
                    && event.getLevel() == Level.ERROR
                    && CapturedLog.line(event).contains("cannot do it"));
  }

  /** An entry and a lease of that name, which then cannot be written. */
  private static void live(TestNode node, String namespace) {
    String entry = "/v1/state/" + namespace + '/' + KEY;
    String lease = "/v1/leases/" + namespace + '/' + KEY + "/acquire";
    String body = "{\"holder\":\"h\",\"ttl\":\"10m\"}";
    node.put(entry, "1").is(201);
    node.post(lease, body).is(200);
    node.put("/v1/leases/" + namespace + '/' + KEY, "{\"capacity\":3}").is(200);
    BrokenSerializer.fail(BrokenSerializer.Fault.WRITES);
    node.put(entry, "2", "Mayfly-Producer", "till-7").is(504);
    node.post(lease, body, "Mayfly-Producer", "till-7").is(504);
    BrokenSerializer.fail(BrokenSerializer.Fault.NONE);
    Await.until("the entry", () -> node.get(entry).status() == 200);
  }

  private static void restartWithoutReading(Path data, String namespace) {
    try (TestNode node = TestNode.configured(data, BrokenSerializer.settings())) {
      BrokenSerializer.fail(BrokenSerializer.Fault.READS);
      String brief = "300ms";
      assertThat(node.get("/v1/state/" + namespace + '/' + KEY, "Mayfly-Timeout", brief).status())
          .isIn(503, 504);
      assertThat(node.get("/v1/leases/" + namespace + '/' + KEY, "Mayfly-Timeout", brief).status())
          .isIn(503, 504);
      BrokenSerializer.fail(BrokenSerializer.Fault.NONE);
    }
  }

  /** The fields of the lines with this message. */
  private static List<Map<String, String>> told(List<ILoggingEvent> log, String message) {
    return log.stream()
        .filter(event -> event.getMessage().equals(message))
        .map(
            event ->
                Objects.requireNonNull(event.getKeyValuePairs()).stream()
                    .collect(
                        Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value))))
        .toList();
  }
}
