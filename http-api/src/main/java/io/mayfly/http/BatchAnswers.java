package io.mayfly.http;

import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Refusal;
import org.jspecify.annotations.Nullable;

/** The answers of a batch. */
final class BatchAnswers extends StreamAnswers<BatchOperation> {
  BatchAnswers(Format format, @Nullable String traceparent) {
    super(format, traceparent);
  }

  @Override
  void reply(long index, BatchOperation operation, EntryReply reply) {
    Members members = reply.match(new Answering(operation));
    line(
        out -> {
          out.writeNumberField("index", index);
          members.to(out);
        });
  }

  /** What each reply is answered with. */
  private final class Answering extends Expecting<Members> {
    private final BatchOperation operation;

    private Answering(BatchOperation operation) {
      this.operation = operation;
    }

    @Override
    public Members accepted(EntryReply.Accepted reply) {
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
    public Members shadowed(EntryReply.Shadowed reply) {
      return out -> {
        out.writeNumberField("status", 202);
        out.writeFieldName("receipt");
        Documents.writeShadowed(out, operation.id(), reply);
      };
    }

    @Override
    public Members found(EntryReply.Found reply) {
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
        return withStatus(e.problem());
      }
    }

    @Override
    public Members refused(Refusal reply) {
      return withStatus(Refusals.problem(operation.id(), reply));
    }
  }
}
