package io.mayfly.http;

import io.mayfly.http.value.Format;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/reconcile/{namespace}}: what a client believes, held against what is. */
final class Reconciliation {
  private static final String REPORT = "report";

  private final Supplier<Materializer> materializer;
  private final HttpApi.Ports ports;
  private final HttpSettings settings;

  Reconciliation(Supplier<Materializer> materializer, HttpApi.Ports ports, HttpSettings settings) {
    this.materializer = materializer;
    this.ports = ports;
    this.settings = settings;
  }

  /** Streams verdicts in the order of the beliefs; with {@code mode=report} counts them. */
  Route.Running run(Call call, Source<ByteString, ?> body) {
    String namespace = call.namespace();
    boolean countsOnly = countsOnly(call.query().text(Parameter.MODE));
    String mediaType = call.body().mediaType() == null ? Streams.NDJSON : call.body().mediaType();
    Format format = mediaType.equals(Streams.CBOR_SEQUENCE) ? Format.CBOR : Format.JSON;
    Frames frames = Streams.frames(mediaType, call.body().utf8(), settings.batch().lineBytesMax());
    Format answers =
        countsOnly ? call.format() : Negotiation.stream(call.headers().accept(), format);
    CommandFlow<Belief> flow =
        new CommandFlow<>(
            new CommandFlow.Commands<>(
                frames,
                frames instanceof ArrayFrames,
                document -> Belief.read(namespace, format, document),
                new ReconcileAnswers(answers, call.traceparent(), countsOnly),
                call.timeout(),
                call.headers().context()),
            ports,
            settings);
    return Streams.run(
        flow,
        body,
        materializer.get(),
        countsOnly
            ? answers == Format.JSON ? ContentTypes.APPLICATION_JSON : Responses.CBOR
            : answers == Format.JSON ? Streams.LINES : Streams.ITEMS);
  }

  private static boolean countsOnly(@Nullable String mode) {
    if (mode != null && !mode.equals(REPORT)) {
      throw Query.invalid(Parameter.MODE, "expected report");
    }
    return mode != null;
  }
}
