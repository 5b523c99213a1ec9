package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.http.value.Format;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** {@code POST /v1/batch}: a stream of operations, answered by a stream. */
final class Batches {
  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";
  private static final String CBOR_SEQUENCE = "application/cbor-seq";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final ContentType LINES =
      MediaTypes.customBinary("application", "x-ndjson", true).toContentType();
  private static final ContentType ITEMS =
      MediaTypes.customBinary("application", "cbor-seq", false).toContentType();

  private final Supplier<Materializer> materializer;
  private final HttpApi.Ports ports;
  private final HttpSettings settings;

  Batches(Supplier<Materializer> materializer, HttpApi.Ports ports, HttpSettings settings) {
    this.materializer = materializer;
    this.ports = ports;
    this.settings = settings;
  }

  /**
   * Runs a batch. It is read from at once, so that a client that waits to be asked for its body is
   * asked; the head of the answer goes out when the first bytes have come.
   */
  Route.Running run(Call call, Source<ByteString, ?> body) {
    refuseHeadersOfOneOperation(call);
    Body type = call.body();
    String mediaType = type.mediaType() == null ? JSON : type.mediaType();
    Format format = mediaType.equals(CBOR_SEQUENCE) ? Format.CBOR : Format.JSON;
    Frames frames = frames(mediaType, type.utf8());
    Format answers = Negotiation.stream(call.headers().accept(), format);
    BatchFlow flow =
        new BatchFlow(
            new BatchFlow.Batch(
                frames,
                frames instanceof ArrayFrames,
                new BatchReader(format, call.caller(), call.origin()),
                new BatchAnswers(answers, call.traceparent()),
                call.timeout()),
            ports,
            settings);
    Pair<CompletionStage<Void>, Publisher<ByteString>> running =
        body.viaMat(flow, Keep.right())
            .toMat(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.both())
            .run(materializer.get());
    HttpResponse response =
        HttpResponse.create()
            .withHeaders(List.of(Headers.NO_STORE, Headers.VARY_ACCEPT))
            .withEntity(
                HttpEntities.createChunked(
                    answers == Format.JSON ? LINES : ITEMS,
                    Source.fromPublisher(running.second())));
    return new Route.Running(flow.begun().thenApply(any -> response), running.first());
  }

  private Frames frames(String mediaType, boolean utf8) {
    int bytesMax = settings.batch().lineBytesMax();
    Frames frames =
        switch (mediaType) {
          case JSON, FORM -> new ArrayFrames(bytesMax);
          case NDJSON -> new LineFrames(bytesMax);
          case CBOR_SEQUENCE -> new SequenceFrames(bytesMax);
          default -> throw unsupported(JSON + ", " + NDJSON + " or " + CBOR_SEQUENCE);
        };
    if (!utf8) {
      throw unsupported("UTF-8");
    }
    return frames;
  }

  private static RuntimeException unsupported(String expected) {
    return Problem.of(
            ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body is expected as " + expected + ".")
        .exception();
  }

  private static void refuseHeadersOfOneOperation(Call call) {
    @Nullable String header = call.headerOfOneOperation();
    if (header != null) {
      throw RequestHeaders.invalid(header, "in a batch it is a member of each operation");
    }
  }
}
