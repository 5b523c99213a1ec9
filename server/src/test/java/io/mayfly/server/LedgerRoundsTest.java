package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.testing.Await;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of a real node over a real data directory, seen through its API. */
final class LedgerRoundsTest {
  private static final int KEYS = 60;

  @TempDir private Path data;

  @Test
  void ledgerThatWasDamagedWhileTheNodeWasDown_isRepairedByItsFirstRound() {
    String listed;
    String expiring;
    try (TestNode node = TestNode.start(data, Map.of())) {
      for (int i = 0; i < KEYS; i++) {
        node.put("/v1/state/shop/k" + i + "?ttl=" + (60 + i) + "s", "1").is(201);
      }
      for (int i = 0; i < 5; i++) {
        node.delete("/v1/state/shop/k" + i).is(200);
      }
      listed = list(node, "");
      expiring = list(node, "&expiring-within=1h");
    }
    long damaged = StoredLedger.damage(data.resolve("db"), 7);
    assertThat(damaged).isGreaterThan(20);

    try (TestNode node = TestNode.start(data, Map.of())) {
      Await.until("a round", () -> ledger(node).at("/rounds").asLong() >= 1);
      JsonNode ledger = ledger(node);

      assertThat(list(node, "")).isEqualTo(listed);
      assertThat(list(node, "&expiring-within=1h")).isEqualTo(expiring);
      assertThat(ledger.at("/last/repairs").asLong()).isEqualTo(damaged);
      assertThat(ledger.at("/last/rows").asLong()).isGreaterThanOrEqualTo(3 * KEYS);
      for (String kind :
          new String[] {
            "missing-listing",
            "missing-expiry",
            "extra-expiry",
            "missing-wake",
            "extra-wake",
            "extra-listing"
          }) {
        assertThat(ledger.at("/repairs/" + kind).asLong()).as(kind).isPositive();
      }
      assertThat(ledger.at("/actors/asked").asLong()).isPositive();
      assertThat(ledger.at("/actors/differing").asLong()).isZero();
      assertThat(ledger.at("/unreadable").asLong()).isZero();
    }

    try (TestNode node = TestNode.start(data, Map.of())) {
      Await.until("a round", () -> ledger(node).at("/rounds").asLong() >= 1);

      assertThat(ledger(node).at("/last/repairs").asLong()).isZero();
    }
  }

  @Test
  void cluster_ofOneNode_showsItself() {
    try (TestNode node = TestNode.start(data, Map.of())) {
      node.put("/v1/state/shop/k", "1").is(201);
      Await.until(
          "every shard region to tell of itself",
          () -> node.get("/v1/cluster").is(200).json().at("/reasons").isEmpty());

      JsonNode cluster = node.get("/v1/cluster").is(200).json();

      assertThat(cluster.at("/members")).hasSize(1);
      assertThat(cluster.at("/members/0/self").asBoolean()).isTrue();
      assertThat(cluster.at("/members/0/status").asText()).isEqualTo("Up");
      assertThat(cluster.at("/members/0/address").asText()).startsWith("pekko://mayfly@");
      assertThat(cluster.at("/members/0/shards/entry").asInt()).isBetween(1, 256);
      assertThat(cluster.at("/members/0/shards/volatile-entry").isInt()).isTrue();
      assertThat(cluster.at("/members/0/shards/lease").isInt()).isTrue();
      assertThat(cluster.at("/leader")).isEqualTo(cluster.at("/members/0/address"));
      assertThat(cluster.at("/unreachable")).isEmpty();
      assertThat(cluster.at("/journal/kind").asText()).isEqualTo("rocksdb");
      assertThat(cluster.at("/journal/state").asText()).isEqualTo("open");
      assertThat(cluster.at("/reasons")).isEmpty();
    }
  }

  private static JsonNode ledger(TestNode node) {
    return node.get("/v1/cluster").is(200).json().get("ledger");
  }

  private static String list(TestNode node, String more) {
    JsonNode page = node.get("/v1/state/shop?limit=1000" + more).is(200).json();
    return StreamSupport.stream(page.get("entries").spliterator(), false)
        .map(JsonNode::toString)
        .reduce("", (all, entry) -> all + entry + '\n');
  }
}
