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

  private static String sampled(String trace) {
    return parent(trace, "01");
  }

  private static String parent(String trace, String flags) {
    return "00-" + trace + '-' + CALLER + '-' + flags;
  }
}
