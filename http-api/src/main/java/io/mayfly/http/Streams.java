package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
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
import org.reactivestreams.Publisher;

/** Operations whose body and answer are streams of documents. */
final class Streams {
  static final String JSON = "application/json";
  static final String NDJSON = "application/x-ndjson";
  static final String CBOR_SEQUENCE = "application/cbor-seq";
  static final ContentType LINES =
      MediaTypes.customBinary("application", "x-ndjson", true).toContentType();
  static final ContentType ITEMS =
      MediaTypes.customBinary("application", "cbor-seq", false).toContentType();

  private static final String FORM = "application/x-www-form-urlencoded";

  private Streams() {}

  /** How the documents of a body stand behind each other. */
  static Frames frames(String mediaType, boolean utf8, int documentBytesMax) {
    Frames frames =
        switch (mediaType) {
          case JSON, FORM -> new ArrayFrames(documentBytesMax);
          case NDJSON -> new LineFrames(documentBytesMax);
          case CBOR_SEQUENCE -> new SequenceFrames(documentBytesMax);
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

  /**
   * Runs a flow. It is read from at once, so that a client that waits to be asked for its body is
   * asked; the head of the answer goes out when the first bytes have come.
   */
  static Route.Running run(
      CommandFlow<?> flow,
      Source<ByteString, ?> body,
      Materializer materializer,
      ContentType answers) {
    Pair<CompletionStage<Void>, Publisher<ByteString>> running =
        body.viaMat(flow, Keep.right())
            .toMat(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.both())
            .run(materializer);
    CompletableFuture<Void> delivered = new CompletableFuture<>();
    HttpResponse response =
        HttpResponse.create()
            .withHeaders(List.of(Headers.NO_STORE, Headers.VARY_ACCEPT))
            .withEntity(
                HttpEntities.createChunked(
                    answers, told(running.first(), running.second(), delivered)));
    return new Route.Running(
        flow.begun().thenApply(any -> response), running.first().thenCompose(any -> delivered));
  }

  /**
   * The bytes of an answer, which say when the connection has taken the last of them. An answer
   * that no connection took is over with its flow.
   */
  private static Source<ByteString, ?> told(
      CompletionStage<Void> ended, Publisher<ByteString> bytes, CompletableFuture<Void> delivered) {
    AtomicBoolean taken = new AtomicBoolean();
    var unused =
        ended.whenComplete(
            (any, failure) -> {
              if (!taken.get()) {
                delivered.complete(null);
              }
            });
    return Source.fromPublisher(bytes)
        .watchTermination(
            (none, sent) -> {
              taken.set(true);
              return sent.whenCompleteAsync(
                  (done, failure) -> delivered.complete(null), Runnable::run);
            });
  }
}
