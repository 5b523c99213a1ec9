package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces as a collector receives them, from the creation of a key to its end. */
final class TracingTest {
  private static final String CALLER = "b7ad6b7169203331";

  @TempDir static Path data;
  private static TraceCollector collector;
  private static TestNode node;

  @BeforeAll
  static void start() {
    collector = new TraceCollector();
    Map<String, Object> settings = new HashMap<>();
    settings.put("mayfly.tracing.endpoint", collector.endpoint());
    settings.put("mayfly.tracing.sampling", 0);
    settings.put("mayfly.http.batch.followed-max", 3);
    node = TestNode.configured(data, settings);
  }

  @AfterAll
  static void stop() {
    node.close();
    collector.close();
  }

  @Test
  void creation_isFollowedFromTheGatewayToTheJournal() {
    String trace = "11111111111111111111111111111111";

    node.put("/v1/state/traced/created?ttl=1m", "1", "traceparent", sampled(trace)).is(201);

    Span gateway = collector.await(trace, "putEntry");
    Span hop = collector.await(trace, "hop");
    Span decision = collector.await(trace, "decision");
    Span journal = collector.await(trace, "journal");
    Span recovery = collector.await(trace, "recovery");
    assertThat(TraceCollector.hex(gateway.getParentSpanId())).isEqualTo(CALLER);
    assertThat(gateway.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(hop.getParentSpanId()).isEqualTo(gateway.getSpanId());
    for (Span step : List.of(decision, journal, recovery)) {
      assertThat(step.getParentSpanId()).isEqualTo(hop.getSpanId());
      assertThat(step.getEndTimeUnixNano()).isGreaterThanOrEqualTo(step.getStartTimeUnixNano());
    }
    assertThat(TraceCollector.attribute(gateway, "namespace")).isEqualTo("traced");
    assertThat(TraceCollector.attribute(gateway, "key")).isEqualTo("created");
    assertThat(TraceCollector.attribute(gateway, "status")).isEqualTo("201");
    assertThat(TraceCollector.attribute(decision, "reply")).isEqualTo("accepted");
  }

  @Test
  void expiry_isATraceOfItsOwnThatLinksToTheCreation() {
    String trace = "22222222222222222222222222222222";

    node.put("/v1/state/traced/expires?ttl=300ms", "1", "traceparent", sampled(trace)).is(201);
    node.put("/v1/state/traced/expires", "2").is(200);

    Span end =
        collector.await(
            "the end",
            span ->
                span.getName().equals("end")
                    && TraceCollector.attribute(span, "key").equals("expires"));
    assertThat(TraceCollector.hex(end.getTraceId())).isNotEqualTo(trace);
    assertThat(end.getLinksList())
        .singleElement()
        .satisfies(
            link -> {
              assertThat(TraceCollector.hex(link.getTraceId())).isEqualTo(trace);
              assertThat(TraceCollector.hex(link.getSpanId())).isEqualTo(CALLER);
            });
    assertThat(TraceCollector.attribute(end, "reason")).isEqualTo("expired");
    assertThat(TraceCollector.attribute(end, "revision")).isEqualTo("3");
    Span journal = collector.await(TraceCollector.hex(end.getTraceId()), "journal");
    assertThat(journal.getParentSpanId()).isEqualTo(end.getSpanId());
  }

  @Test
  void deletion_thatIsFollowed_endsInItsTraceAndLinksToTheCreation() {
    String creation = "33333333333333333333333333333333";
    String deletion = "44444444444444444444444444444444";

    node.put("/v1/state/traced/deleted?ttl=1m", "1", "traceparent", sampled(creation)).is(201);
    node.delete("/v1/state/traced/deleted", "traceparent", sampled(deletion)).is(200);

    Span end = collector.await(deletion, "end");
    assertThat(end.getParentSpanId()).isEqualTo(collector.await(deletion, "hop").getSpanId());
    assertThat(TraceCollector.hex(end.getLinks(0).getTraceId())).isEqualTo(creation);
  }

  @Test
  void request_thatItsSenderDoesNotSample_isNotFollowed() {
    String unsampled = "55555555555555555555555555555555";
    String later = "66666666666666666666666666666666";

    node.put("/v1/state/traced/x?ttl=1m", "1", "traceparent", parent(unsampled, "00")).is(201);
    node.get("/v1/state/traced/x").is(200);
    node.get("/v1/state/traced/x", "traceparent", sampled(later)).is(200);

    collector.await(later, "getEntry");
    assertThat(collector.trace(unsampled)).isEmpty();
  }

  @Test
  void spans_ofAConfidentialNamespace_hashTheKey() {
    String trace = "77777777777777777777777777777777";
    node.put("/v1/contracts/people", "{\"privacy\":\"personal\"}").is(201);

    node.put("/v1/state/people/ann?ttl=1m", "\"canary-9\"", "traceparent", sampled(trace));
    node.delete("/v1/state/people/ann", "traceparent", sampled(trace)).is(200);

    Span end = collector.await(trace, "end");
    assertThat(TraceCollector.attribute(end, "key")).startsWith("sha-256:");
    assertThat(TraceCollector.attribute(collector.await(trace, "putEntry"), "key"))
        .isEqualTo(TraceCollector.attribute(end, "key"));
    assertThat(collector.bytes()).doesNotContain("canary-9").doesNotContain("ann");
  }

  @Test
  void operationsOfABatch_upToALimit_areFollowedToTheJournal() {
    String trace = "88888888888888888888888888888888";
    StringBuilder operations = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      operations
          .append("{\"op\":\"put\",\"namespace\":\"traced\",\"key\":\"batch-")
          .append(i)
          .append("\",\"value\":1,\"ttl\":\"1m\"}\n");
    }

    node.post("/v1/batch", operations.toString(), ndjson(trace)).is(200);

    Span gateway = collector.await(trace, "runBatch");
    for (String key : List.of("batch-0", "batch-1", "batch-2")) {
      Span hop = awaitHop(trace, key);
      assertThat(hop.getParentSpanId()).isEqualTo(gateway.getSpanId());
      assertThat(TraceCollector.attribute(awaitStep(hop, "decision"), "reply"))
          .isEqualTo("accepted");
      awaitStep(hop, "journal");
    }
    settle();
    assertThat(collector.trace(trace)).filteredOn(span -> span.getName().equals("hop")).hasSize(3);
  }

  @Test
  void beliefsOfAReconciliation_areFollowedToTheDecision() {
    String trace = "99999999999999999999999999999999";
    node.put("/v1/state/traced/believed?ttl=1m", "1").is(201);
    String beliefs =
        """
        {"key":"believed","incarnation":1,"revision":1}
        {"key":"unheard-of","incarnation":1,"revision":1}
        """;

    node.post("/v1/reconcile/traced", beliefs, ndjson(trace)).is(200);

    Span gateway = collector.await(trace, "reconcile");
    for (String key : List.of("believed", "unheard-of")) {
      Span hop = awaitHop(trace, key);
      assertThat(hop.getParentSpanId()).isEqualTo(gateway.getSpanId());
      awaitStep(hop, "decision");
    }
  }

  @Test
  void lease_isFollowedFromItsAcquireToItsRelease() throws Exception {
    String acquire = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    String release = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    String leaseId =
        node.post(
                "/v1/leases/traced/door/acquire",
                "{\"holder\":\"h\",\"ttl\":\"1m\"}",
                "traceparent",
                sampled(acquire))
            .is(200)
            .json()
            .path("leaseId")
            .asText();
    node.post(
            "/v1/leases/traced/door/release",
            "{\"leaseId\":\"" + leaseId + "\"}",
            "traceparent",
            sampled(release))
        .is(204);

    Span gateway = collector.await(acquire, "acquireLease");
    Span hop = collector.await(acquire, "hop");
    assertThat(hop.getParentSpanId()).isEqualTo(gateway.getSpanId());
    assertThat(TraceCollector.attribute(awaitStep(hop, "decision"), "reply")).isEqualTo("granted");
    awaitStep(hop, "journal");
    awaitStep(hop, "recovery");
    Span end = collector.await(release, "end");
    assertThat(end.getParentSpanId()).isEqualTo(collector.await(release, "hop").getSpanId());
    assertThat(TraceCollector.hex(end.getLinks(0).getTraceId())).isEqualTo(acquire);
    assertThat(TraceCollector.attribute(end, "key")).isEqualTo("door");
    assertThat(TraceCollector.attribute(end, "reason")).isEqualTo("released");
    assertThat(collector.await(release, "journal").getParentSpanId()).isEqualTo(end.getSpanId());
  }

  @Test
  void acquireThatWaits_isFollowedToTheWriteThatServesIt() {
    String first = "cccccccccccccccccccccccccccccccc";
    String second = "dddddddddddddddddddddddddddddddd";

    node.post(
            "/v1/leases/traced/gate/acquire",
            "{\"holder\":\"a\",\"ttl\":\"300ms\"}",
            "traceparent",
            sampled(first))
        .is(200);
    node.post(
            "/v1/leases/traced/gate/acquire",
            "{\"holder\":\"b\",\"ttl\":\"1m\",\"wait\":\"20s\"}",
            "traceparent",
            sampled(second))
        .is(200);

    Span hop = collector.await(second, "hop");
    assertThat(TraceCollector.attribute(awaitStep(hop, "decision"), "reply")).isEqualTo("waiting");
    awaitStep(hop, "journal");
    Span end =
        collector.await(
            "the end",
            span ->
                span.getName().equals("end")
                    && TraceCollector.attribute(span, "key").equals("gate"));
    assertThat(TraceCollector.hex(end.getTraceId())).isNotIn(first, second);
    assertThat(TraceCollector.hex(end.getLinks(0).getTraceId())).isEqualTo(first);
    assertThat(TraceCollector.attribute(end, "reason")).isEqualTo("expired");
  }

  private static Span awaitHop(String trace, String key) {
    return collector.await(
        "the hop to " + key,
        span ->
            span.getName().equals("hop")
                && TraceCollector.hex(span.getTraceId()).equals(trace)
                && TraceCollector.attribute(span, "key").equals(key));
  }

  private static Span awaitStep(Span hop, String name) {
    return collector.await(
        name,
        span -> span.getName().equals(name) && span.getParentSpanId().equals(hop.getSpanId()));
  }

  /** Spans that ended before this have been sent after it. */
  private static void settle() {
    String marker = String.format("%032x", System.nanoTime());
    node.get("/v1/state/traced/marker", "traceparent", sampled(marker));
    collector.await(marker, "getEntry");
  }

  private static String[] ndjson(String trace) {
    return new String[] {"Content-Type", "application/x-ndjson", "traceparent", sampled(trace)};
  }

  private static String sampled(String trace) {
    return parent(trace, "01");
  }

  private static String parent(String trace, String flags) {
    return "00-" + trace + '-' + CALLER + '-' + flags;
  }
}
