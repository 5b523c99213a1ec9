package io.mayfly.server.telemetry;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import io.mayfly.protocol.telemetry.Tracing;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import kamon.Kamon;
import kamon.module.Module;
import kamon.module.ModuleFactory;
import kamon.module.SpanReporter;
import kamon.otel.OpenTelemetryTraceReporter;
import kamon.trace.Identifier;
import kamon.trace.SpanBuilder;
import kamon.trace.Trace;
import kamon.trace.Trace$SamplingDecision$Sample$;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;

/** Spans on Kamon's tracer, sent by OTLP over HTTP. Where nobody receives them, none are made. */
final class KamonTracing implements Tracing, AutoCloseable {
  private static final String ENDPOINT = "mayfly.tracing.endpoint";
  private static final String SAMPLING = "mayfly.tracing.sampling";
  private static final int TRACE_ID = 3;
  private static final int SPAN_ID = 36;
  private static final int FLAGS = 53;

  private final double share;
  private final Module.Registration registration;
  private final ThreadLocal<@Nullable String> current = new ThreadLocal<>();

  private KamonTracing(double share, Module.Registration registration) {
    this.share = share;
    this.registration = registration;
  }

  /** The configured tracer; Kamon must run. */
  static Tracing start(Config config) {
    double share = config.getDouble(SAMPLING);
    if (!(share >= 0 && share <= 1)) {
      throw new ConfigException.BadValue(
          config.getValue(SAMPLING).origin(), SAMPLING, "0 to 1; not " + share);
    }
    String endpoint = config.getString(ENDPOINT);
    return endpoint.isBlank()
        ? Tracing.OFF
        : new KamonTracing(share, Kamon.addReporter("mayfly-otlp", reporter(config, endpoint)));
  }

  private static SpanReporter reporter(Config config, String endpoint) {
    Config otlp =
        config
            .withValue(
                "kamon.otel.trace.endpoint", ConfigValueFactory.fromAnyRef(endpoint, ENDPOINT))
            .withValue("kamon.otel.trace.protocol", ConfigValueFactory.fromAnyRef("http/protobuf"));
    return (SpanReporter)
        new OpenTelemetryTraceReporter.Factory()
            .create(new ModuleFactory.Settings(otlp, ExecutionContext.global()));
  }

  /** Sends no more; what ended within the last second may be lost. */
  @Override
  public void close() {
    registration.cancel();
  }

  @Override
  public @Nullable Span request(String operation, @Nullable String traceparent) {
    if (traceparent == null) {
      return ThreadLocalRandom.current().nextDouble() < share
          ? begin(root(operation).kind(kamon.trace.Span$Kind$Server$.MODULE$), null)
          : null;
    }
    return sampled(traceparent)
        ? begin(child(operation, traceparent).kind(kamon.trace.Span$Kind$Server$.MODULE$), null)
        : null;
  }

  @Override
  public Span step(String name, String context, long sinceNanos) {
    SpanBuilder builder = child(name, context).kind(kamon.trace.Span$Kind$Internal$.MODULE$);
    return begin(builder, sinceNanos == 0 ? null : Kamon.clock().instant().minusNanos(sinceNanos));
  }

  @Override
  public @Nullable Span consequence(String name, @Nullable String origin) {
    if (origin == null || !sampled(origin)) {
      return null;
    }
    return begin(root(name).kind(kamon.trace.Span$Kind$Internal$.MODULE$), null).link(origin);
  }

  @Override
  public @Nullable String current() {
    return current.get();
  }

  @Override
  public <T> T within(String context, Supplier<T> work) {
    current.set(context);
    try {
      return work.get();
    } finally {
      current.remove();
    }
  }

  private static SpanBuilder root(String name) {
    return Kamon.spanBuilder(name)
        .doNotTrackMetrics()
        .ignoreParentFromContext()
        .samplingDecision(Trace$SamplingDecision$Sample$.MODULE$);
  }

  private static SpanBuilder child(String name, String context) {
    return Kamon.spanBuilder(name).doNotTrackMetrics().asChildOf(remote(context));
  }

  private static Span begin(SpanBuilder builder, @Nullable Instant at) {
    return new Begun(at == null ? builder.start() : builder.start(at));
  }

  private static boolean sampled(String traceparent) {
    return (Character.digit(traceparent.charAt(FLAGS + 1), 16) & 1) == 1;
  }

  private static kamon.trace.Span remote(String context) {
    Identifier.Scheme scheme = Kamon.identifierScheme();
    return new kamon.trace.Span.Remote(
        scheme.spanIdFactory().from(context.substring(SPAN_ID, SPAN_ID + 16)),
        Identifier.Empty(),
        Trace.create(
            scheme.traceIdFactory().from(context.substring(TRACE_ID, TRACE_ID + 32)),
            Trace$SamplingDecision$Sample$.MODULE$));
  }

  /** A span of Kamon. */
  private record Begun(kamon.trace.Span span) implements Span {
    @Override
    public String context() {
      return "00-" + span.trace().id().string() + '-' + span.id().string() + "-01";
    }

    @Override
    public Span tag(String name, String value) {
      var unused = span.tag(name, value);
      return this;
    }

    @Override
    public Span link(String traceparent) {
      var unused = span.link(remote(traceparent), kamon.trace.Span$Link$Kind$FollowsFrom$.MODULE$);
      return this;
    }

    @Override
    public void finish() {
      span.finish();
    }
  }
}
