package io.mayfly.http;

import io.mayfly.protocol.contract.LogNames;
import io.mayfly.protocol.telemetry.Telemetry;
import io.mayfly.protocol.telemetry.Tracing.Span;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** What is told of requests: each is counted and timed, and some are followed. */
final class Seen {
  private static final Logger LOG = LoggerFactory.getLogger(Seen.class);
  private static final int NAME = 3;

  private final Telemetry telemetry;
  private final LogNames names;

  Seen(Telemetry telemetry, LogNames names) {
    this.telemetry = telemetry;
    this.names = names;
  }

  /** Begins to follow a request; absent when it is not followed, as most are not. */
  @Nullable Span begin(Head head, Route route) {
    Span span = telemetry.tracing().request(route.operationId(), head.headers().traceparent());
    if (span != null) {
      head.headers().follow(span.context());
      describe(span, route, head.segments());
    }
    return span;
  }

  private void describe(Span span, Route route, List<String> segments) {
    String namespace = route.namespace(segments);
    if (namespace != null) {
      span.tag("namespace", namespace);
      if (segments.size() > NAME) {
        span.tag("key", names.key(namespace, segments.get(NAME)));
      }
    }
  }

  /** Works on a request in its context. */
  <T> T within(RequestHeaders headers, Supplier<T> work) {
    String context = headers.context();
    return context == null ? work.get() : telemetry.tracing().within(context, work);
  }

  /** Counts the answer when it comes, and ends the span. The answer never fails. */
  CompletionStage<HttpResponse> end(
      Head head, Route route, @Nullable Span span, CompletionStage<HttpResponse> answer) {
    return answer.thenApply(
        response -> {
          int status = response.status().intValue();
          telemetry.answered(route.operationId(), status, System.nanoTime() - head.arrivedNanos());
          if (span != null) {
            span.tag("status", Integer.toString(status)).finish();
          }
          return response;
        });
  }

  /** Tells the log of a request that met a defect, in as far as it is known what it was about. */
  void failed(
      @Nullable Head head, @Nullable Route route, @Nullable String traceparent, Throwable failure) {
    LoggingEventBuilder line = LOG.atError();
    String namespace = null;
    if (head != null && route != null) {
      add(line, "operation", route.operationId());
      add(line, "caller", head.caller().name());
      List<String> segments = head.segments();
      namespace = route.namespace(segments);
      add(line, "namespace", namespace);
      if (namespace != null && segments.size() > NAME) {
        add(line, "key", names.key(namespace, segments.get(NAME)));
      }
    }
    add(line, "traceId", traceparent == null ? null : TraceContext.traceId(traceparent));
    line.setCause(namespace == null ? failure : names.failure(namespace, failure))
        .log("a request failed");
  }

  private static void add(LoggingEventBuilder line, String name, @Nullable String value) {
    if (value != null) {
      var unused = line.addKeyValue(name, value);
    }
  }

  /** Counts a problem. */
  void problem(String type) {
    telemetry.problem(type);
  }
}
