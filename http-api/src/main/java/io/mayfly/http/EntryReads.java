package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.http.value.Format;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;

/** Reading one entry and its story. */
final class EntryReads {

  private final Entries entries;

  EntryReads(Entries entries) {
    this.entries = entries;
  }

  /** {@code GET}, {@code HEAD}: the value, or the whole entry. */
  CompletionStage<HttpResponse> read(Call call) {
    EntryId id = call.entry();
    long revision = call.query().number(Parameter.REVISION, 1, OwnNumber.MAX, 0);
    Shown shown =
        new Shown(
            id,
            call.format(),
            call.query().choice(Parameter.VIEW, "value", "entry"),
            Conditions.of(call.headers()));
    EntryCommand command =
        revision == 0 ? EntryCommand.Read.CURRENT : new EntryCommand.Read(revision, true);
    return entries.send(id, command, call.timeout()).thenApply(reply -> reply.match(shown));
  }

  /** {@code GET …/history}. */
  CompletionStage<HttpResponse> history(Call call) {
    EntryId id = call.entry();
    Format format = call.format();
    return entries
        .send(id, new EntryCommand.ReadHistory(call.storyLimit()), call.timeout())
        .thenApply(reply -> reply.match(new Told(id, format)));
  }

  /** How an entry that was found is shown. */
  private static final class Shown extends Expecting<HttpResponse> {
    private final EntryId id;
    private final Format format;
    private final boolean whole;
    private final Precondition precondition;

    private Shown(EntryId id, Format format, boolean whole, Precondition precondition) {
      this.id = id;
      this.format = format;
      this.whole = whole;
      this.precondition = precondition;
    }

    @Override
    public HttpResponse found(EntryReply.Found reply) {
      EntryView view = reply.view();
      boolean modified = Conditions.modified(id, precondition, view);
      List<HttpHeader> headers = new ArrayList<>(4);
      headers.add(Headers.etag(view.version().etag()));
      if (view.versionVector() != null) {
        headers.add(Headers.versionVector(view.versionVector()));
      }
      headers.add(Headers.expiresAt(view.expiresAt()));
      headers.add(Headers.NO_CACHE);
      headers.add(Headers.VARY_ACCEPT);
      if (!modified) {
        return Responses.empty(304, headers);
      }
      ByteString body =
          whole ? Documents.view(format, id, view) : Documents.value(format, view.value());
      return Responses.document(200, headers, format, body);
    }

    @Override
    public HttpResponse refused(Refusal reply) {
      throw Refusals.problem(id, reply).exception();
    }
  }

  /** How a story is shown. */
  private static final class Told extends Expecting<HttpResponse> {
    private final EntryId id;
    private final Format format;

    private Told(EntryId id, Format format) {
      this.id = id;
      this.format = format;
    }

    @Override
    public HttpResponse story(EntryReply.Story reply) {
      if (reply.events().isEmpty()) {
        throw Problem.of(ProblemType.UNKNOWN_KEY, "There is no entry under this key.")
            .with("namespace", id.namespace())
            .with("key", id.key())
            .exception();
      }
      return Responses.document(
          200, Responses.documentHeaders(), format, Documents.story(format, reply.events()));
    }

    @Override
    public HttpResponse refused(Refusal reply) {
      throw Refusals.problem(id, reply).exception();
    }
  }
}
