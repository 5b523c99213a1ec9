package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mayfly.protocol.ledger.Drift;
import io.mayfly.protocol.ledger.RoundsReport;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class ClusterApiTest {
  private static final TestServer SERVER = TestServer.start();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static JsonNode look(ClusterReport report) throws IOException {
    SERVER.cluster.set(CompletableFuture.completedFuture(report));
    HttpResponse<String> response = SERVER.get("/v1/cluster");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    return new ObjectMapper().readTree(response.body());
  }

  @Test
  void cluster_ofTwoNodes_isShownWhole() throws IOException {
    RoundsReport rounds =
        new RoundsReport(
            3,
            true,
            TestServer.START,
            Duration.ofMillis(1500),
            Duration.ofMillis(150),
            400,
            2,
            Map.of(Drift.EXTRA_WAKE, 2L, Drift.UNREADABLE, 1L),
            10,
            1,
            null);

    JsonNode document =
        look(
            new ClusterReport(
                List.of(
                    new ClusterReport.Member(
                        "pekko://m@a:1", "Up", List.of("dc-default"), true, Map.of("entry", 5)),
                    new ClusterReport.Member("pekko://m@b:1", "Up", List.of(), false, null)),
                List.of("pekko://m@b:1"),
                "pekko://m@a:1",
                new ClusterReport.Journal("rocksdb", null),
                rounds,
                Map.of("shards", "no answer")));

    assertThat(document.at("/members/0/self").asBoolean()).isTrue();
    assertThat(document.at("/members/0/shards/entry").asInt()).isEqualTo(5);
    assertThat(document.at("/members/0/roles/0").asText()).isEqualTo("dc-default");
    assertThat(document.at("/members/1/shards").isNull()).isTrue();
    assertThat(document.at("/unreachable/0").asText()).isEqualTo("pekko://m@b:1");
    assertThat(document.at("/leader").asText()).isEqualTo("pekko://m@a:1");
    assertThat(document.at("/journal/state").asText()).isEqualTo("open");
    assertThat(document.at("/ledger/rounds").asLong()).isEqualTo(3);
    assertThat(document.at("/ledger/running").asBoolean()).isTrue();
    assertThat(document.at("/ledger/last/endedAt").asText()).isEqualTo("2026-01-01T00:00:00.000Z");
    assertThat(document.at("/ledger/last/durationMs").asLong()).isEqualTo(1500);
    assertThat(document.at("/ledger/last/processorMs").asLong()).isEqualTo(150);
    assertThat(document.at("/ledger/last/rows").asLong()).isEqualTo(400);
    assertThat(document.at("/ledger/last/repairs").asLong()).isEqualTo(2);
    assertThat(document.at("/ledger/repairs/extra-wake").asLong()).isEqualTo(2);
    assertThat(document.at("/ledger/repairs/missing-listing").asLong()).isZero();
    assertThat(document.at("/ledger/repairs").has("unreadable")).isFalse();
    assertThat(document.at("/ledger/unreadable").asLong()).isEqualTo(1);
    assertThat(document.at("/ledger/actors/differing").asLong()).isEqualTo(1);
    assertThat(document.at("/reasons/shards").asText()).isEqualTo("no answer");
  }

  @Test
  void cluster_ofAFailingNode_isShownAlthoughItIsNotReady() throws IOException {
    SERVER.ready.set(false);
    try {
      JsonNode document =
          look(
              new ClusterReport(
                  List.of(),
                  List.of(),
                  null,
                  new ClusterReport.Journal("rocksdb", "the disk is full"),
                  RoundsReport.NONE,
                  Map.of()));

      assertThat(document.at("/leader").isNull()).isTrue();
      assertThat(document.at("/journal/state").asText()).isEqualTo("failed");
      assertThat(document.at("/journal/failure").asText()).isEqualTo("the disk is full");
      assertThat(document.at("/ledger/last").isNull()).isTrue();
      assertThat(document.at("/ledger/failure").isNull()).isTrue();
    } finally {
      SERVER.ready.set(true);
    }
  }
}
