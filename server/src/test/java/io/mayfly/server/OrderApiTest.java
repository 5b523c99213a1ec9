package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates of several producers over HTTP. */
final class OrderApiTest {
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of());
    node.put(
            "/v1/contracts/sequenced",
            "{\"reconciliation\":{\"ordering\":\"sequence\",\"gaps\":\"reject\"}}")
        .is(201);
    node.put(
            "/v1/contracts/vectored",
            "{\"reconciliation\":{\"ordering\":\"version-vector\",\"method\":\"sum\"}}")
        .is(201);
    node.put("/v1/contracts/unmerged", "{\"reconciliation\":{\"ordering\":\"version-vector\"}}")
        .is(201);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Answer sequenced(String path, String value, String number) {
    return node.put(path, value, "Mayfly-Producer", "cart", "Mayfly-Sequence", number);
  }

  private static Answer vectored(String path, String value, String producer, String vector) {
    return node.put(path, value, "Mayfly-Producer", producer, "Mayfly-Version-Vector", vector);
  }

  @Test
  void sequence_isFollowed() {
    String path = "/v1/state/sequenced/k";
    node.put(path, "1").isProblem(428, "precondition-required");

    Answer first = sequenced(path, "1", "5").is(201);
    Answer again = sequenced(path, "1", "5").is(200);
    Answer gap = sequenced(path, "3", "7").isProblem(409, "sequence-gap");
    Answer old = sequenced(path, "3", "4").isProblem(409, "out-of-order");

    assertThat(again.json().path("outcome").asText()).isEqualTo("duplicate");
    assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(gap.json().path("expected").asLong()).isEqualTo(6);
    assertThat(old.json().path("expected").asLong()).isEqualTo(6);
    sequenced(path, "2", "6").is(200);
  }

  @Test
  void repeatedIncrement_showsItsValueAgain() {
    String path = "/v1/state/sequenced/counter/increment";
    String[] headers = {"Mayfly-Producer", "cart", "Mayfly-Sequence", "1"};

    node.post(path, "{\"by\":2}", headers).is(201);
    Answer again = node.post(path, "{\"by\":2}", headers).is(200);

    assertThat(again.json().path("outcome").asText()).isEqualTo("duplicate");
    assertThat(again.json().path("value").asInt()).isEqualTo(2);
  }

  @Test
  void concurrentUpdates_areSummed() {
    String path = "/v1/state/vectored/k";
    vectored(path, "3", "cart", "cart=1").is(201);

    Answer merged = vectored(path, "4", "price", "price=1").is(200);
    Answer repeated = vectored(path, "4", "price", "price=1").is(200);
    Answer read = node.get(path + "?view=entry").is(200);

    assertThat(merged.json().path("outcome").asText()).isEqualTo("merged");
    assertThat(merged.header("Mayfly-Version-Vector")).isEqualTo("cart=1, price=1");
    assertThat(repeated.json().path("outcome").asText()).isEqualTo("duplicate");
    assertThat(read.json().path("value").asInt()).isEqualTo(7);
    assertThat(read.json().path("versionVector").toString()).isEqualTo("{\"cart\":1,\"price\":1}");
    node.get(path).is(200);
    vectored(path, "\"x\"", "cart", "cart=2, price=1").violates("reconciliation.method");
    vectored(path, "10", "cart", "cart=2, price=1").is(200);
    assertThat(node.get(path).text()).isEqualTo("10");
  }

  @Test
  void concurrentUpdate_withoutAMethod_isRefusedWithTheVector() {
    String path = "/v1/state/unmerged/k";
    vectored(path, "3", "cart", "cart=1").is(201);

    Answer refused = vectored(path, "4", "price", "price=1").isProblem(409, "concurrent-update");

    assertThat(refused.json().path("versionVector").toString()).isEqualTo("{\"cart\":1}");
    vectored(path, "4", "price", "cart=1").isProblem(400, "invalid-parameter");
    node.put(path, "4", "Mayfly-Version-Vector", "cart=2").isProblem(400, "invalid-parameter");
  }
}
