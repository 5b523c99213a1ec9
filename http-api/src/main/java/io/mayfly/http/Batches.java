package io.mayfly.http;

import io.mayfly.http.value.Format;
import java.util.function.Supplier;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/batch}: a stream of operations, answered by a stream. */
final class Batches {

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
    String mediaType = type.mediaType() == null ? Streams.JSON : type.mediaType();
    Format format = mediaType.equals(Streams.CBOR_SEQUENCE) ? Format.CBOR : Format.JSON;
    Frames frames = Streams.frames(mediaType, type.utf8(), settings.batch().lineBytesMax());
    Format answers = Negotiation.stream(call.headers().accept(), format);
    CommandFlow<BatchOperation> flow =
        new CommandFlow<>(
            new CommandFlow.Commands<>(
                frames,
                frames instanceof ArrayFrames,
                new BatchReader(format, call.caller(), call.origin())::read,
                new BatchAnswers(answers, call.traceparent()),
                call.timeout(),
                call.headers().context()),
            ports,
            settings);
    return Streams.run(
        flow, body, materializer.get(), answers == Format.JSON ? Streams.LINES : Streams.ITEMS);
  }

  private static void refuseHeadersOfOneOperation(Call call) {
    @Nullable String header = call.headerOfOneOperation();
    if (header != null) {
      throw RequestHeaders.invalid(header, "in a batch it is a member of each operation");
    }
  }
}
