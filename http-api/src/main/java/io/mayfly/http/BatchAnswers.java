package io.mayfly.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.value.Bytes;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Writes the answers of one batch, one line or CBOR item each, gathered into chunks. */
final class BatchAnswers {
  private static final int CHUNK_BYTES = 16 * 1024;

  private final Format format;
  private final @Nullable String traceparent;
  private Bytes bytes = new Bytes(CHUNK_BYTES);

  BatchAnswers(Format format, @Nullable String traceparent) {
    this.format = format;
    this.traceparent = traceparent;
  }

  /** Whether enough is gathered to be sent before more is written. */
  boolean full() {
    return bytes.size() >= CHUNK_BYTES;
  }

  boolean isEmpty() {
    return bytes.size() == 0;
  }

  /** Takes what is gathered. */
  ByteString take() {
    ByteString taken = bytes.toByteString();
    bytes = new Bytes(CHUNK_BYTES);
    return taken;
  }

  /** Answers an operation with what its entry replied. */
  void reply(long index, BatchOperation operation, EntryReply reply) {
    line(index, reply.match(new Answering(operation)));
  }

  /** Answers with a problem. */
  void problem(long index, Problem problem) {
    line(index, refusing(problem));
  }

  private void line(long index, Part part) {
    try (JsonGenerator out = ValueCodec.generator(format, bytes)) {
      out.writeStartObject();
      out.writeNumberField("index", index);
      part.to(out);
      out.writeEndObject();
      if (format == Format.JSON) {
        out.writeRaw('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Part refusing(Problem problem) {
    return out -> {
      out.writeNumberField("status", problem.type().status());
      out.writeFieldName("problem");
      Problems.write(out, problem, traceparent);
    };
  }

  /** What stands in a line after its index. */
  @FunctionalInterface
  private interface Part {
    void to(JsonGenerator out) throws IOException;
  }

  /** What each reply is answered with. */
  private final class Answering extends Expecting<Part> {
    private final BatchOperation operation;

    private Answering(BatchOperation operation) {
      this.operation = operation;
    }

    @Override
    public Part accepted(EntryReply.Accepted reply) {
      return out -> {
        boolean created = reply.receipt().outcome() == Outcome.CREATED;
        out.writeNumberField("status", created ? 201 : 200);
        out.writeFieldName("receipt");
        Documents.writeReceipt(out, operation.id(), reply.receipt(), null);
        if (operation.showsValue() && reply.value() != null) {
          out.writeFieldName("value");
          ValueCodec.write(reply.value(), out);
        }
        if (reply.replayed()) {
          out.writeBooleanField("replayed", true);
        }
      };
    }

    @Override
    public Part shadowed(EntryReply.Shadowed reply) {
      return out -> {
        out.writeNumberField("status", 202);
        out.writeFieldName("receipt");
        Documents.writeShadowed(out, operation.id(), reply);
      };
    }

    @Override
    public Part found(EntryReply.Found reply) {
      EntryView view = reply.view();
      try {
        boolean modified = Conditions.modified(operation.id(), operation.precondition(), view);
        return out -> {
          out.writeNumberField("status", modified ? 200 : 304);
          out.writeFieldName("receipt");
          Documents.writeView(out, operation.id(), view, false);
          if (modified) {
            out.writeFieldName("value");
            ValueCodec.write(view.value(), out);
          }
        };
      } catch (ProblemException e) {
        return refusing(e.problem());
      }
    }

    @Override
    public Part refused(Refusal reply) {
      return refusing(Refusals.problem(operation.id(), reply));
    }
  }
}
