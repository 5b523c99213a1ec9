package io.mayfly.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.value.Bytes;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.EntryReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Writes the answers of one stream, one line or CBOR item each, gathered into chunks. */
abstract class StreamAnswers<C> {
  private static final int CHUNK_BYTES = 16 * 1024;

  private final Format format;
  private final @Nullable String traceparent;
  private Bytes bytes = new Bytes(CHUNK_BYTES);

  StreamAnswers(Format format, @Nullable String traceparent) {
    this.format = format;
    this.traceparent = traceparent;
  }

  /** Answers a command with what its entry replied. */
  abstract void reply(long index, C command, EntryReply reply);

  /** Answers with a problem. */
  void problem(long index, Problem problem) {
    line(
        out -> {
          out.writeNumberField("index", index);
          withStatus(problem).to(out);
        });
  }

  /** Everything is answered: what only the whole stream can say is written now. */
  void finish() {}

  /** Whether enough is gathered to be sent before more is written. */
  final boolean full() {
    return bytes.size() >= CHUNK_BYTES;
  }

  final boolean isEmpty() {
    return bytes.size() == 0;
  }

  /** Takes what is gathered. */
  final ByteString take() {
    ByteString taken = bytes.toByteString();
    bytes = new Bytes(CHUNK_BYTES);
    return taken;
  }

  /** One answer as an object. */
  final void line(Members members) {
    try (JsonGenerator out = ValueCodec.generator(format, bytes)) {
      out.writeStartObject();
      members.to(out);
      out.writeEndObject();
      if (format == Format.JSON) {
        out.writeRaw('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A problem with its status. */
  final Members withStatus(Problem problem) {
    return out -> {
      out.writeNumberField("status", problem.type().status());
      out.writeFieldName("problem");
      Problems.write(out, problem, traceparent);
    };
  }

  /** What stands in an answer. */
  @FunctionalInterface
  interface Members {
    void to(JsonGenerator out) throws IOException;
  }
}
