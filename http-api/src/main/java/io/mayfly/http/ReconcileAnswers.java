package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.value.CanonicalCbor;
import io.mayfly.http.value.Format;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Version;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The verdicts on what a client believes, each by itself or counted. */
final class ReconcileAnswers extends StreamAnswers<Belief> {
  private final boolean countsOnly;
  private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
  private long problems;

  /**
   * The answers of one stream.
   *
   * @param countsOnly whether only the numbers of verdicts are told, at the end
   */
  ReconcileAnswers(Format format, @Nullable String traceparent, boolean countsOnly) {
    super(format, traceparent);
    this.countsOnly = countsOnly;
  }

  @Override
  void reply(long index, Belief belief, EntryReply reply) {
    Judged judged = reply.match(new Judging(belief));
    Verdict verdict = judged.verdict();
    if (verdict == null) {
      problem(index, Refusals.problem(belief.id(), (Refusal) reply));
      return;
    }
    counts.merge(verdict, 1L, Long::sum);
    if (!countsOnly) {
      line(
          out -> {
            out.writeStringField("key", belief.id().key());
            out.writeStringField("verdict", verdict.text());
            if (judged.entry() != null && verdict != Verdict.MATCH && verdict != Verdict.AHEAD) {
              out.writeFieldName("entry");
              Documents.writeView(out, belief.id(), judged.entry(), true);
            }
            if (judged.reason() != null) {
              out.writeStringField("reason", judged.reason());
            }
          });
    }
  }

  @Override
  void problem(long index, Problem problem) {
    problems++;
    if (!countsOnly) {
      super.problem(index, problem);
    }
  }

  @Override
  void finish() {
    if (countsOnly) {
      line(
          out -> {
            for (Verdict verdict : Verdict.values()) {
              out.writeNumberField(verdict.text(), counts.getOrDefault(verdict, 0L));
            }
            out.writeNumberField("problems", problems);
          });
    }
  }

  /** A verdict; absent when the entry could not be asked. */
  private record Judged(
      @Nullable Verdict verdict, @Nullable EntryView entry, @Nullable String reason) {}

  /** Holds a belief against what the entry replied. */
  private static final class Judging extends Expecting<Judged> {
    private final Belief belief;

    private Judging(Belief belief) {
      this.belief = belief;
    }

    @Override
    public Judged found(EntryReply.Found reply) {
      EntryView view = reply.view();
      Verdict verdict = against(view.version());
      boolean diverged =
          verdict == Verdict.MATCH
              && belief.digest() != null
              && !belief.digest().equals(CanonicalCbor.digest(view.value()));
      return new Judged(diverged ? Verdict.DIVERGED : verdict, view, null);
    }

    private Verdict against(Version current) {
      Version believed = belief.version();
      int order = Long.compare(believed.incarnation(), current.incarnation());
      if (order == 0) {
        order = Long.compare(believed.revision(), current.revision());
      }
      return order == 0 ? Verdict.MATCH : order < 0 ? Verdict.STALE : Verdict.AHEAD;
    }

    @Override
    public Judged refused(Refusal reply) {
      return switch (reply.reason()) {
        case UNKNOWN_KEY -> new Judged(Verdict.UNKNOWN, null, null);
        case KEY_ENDED ->
            new Judged(
                Verdict.ENDED, null, reply.endReason() == null ? null : reply.endReason().text());
        case NOT_YET_VALID ->
            new Judged(
                reply.version() == null ? null : against(reply.version()), null, "not-yet-valid");
        default -> new Judged(null, null, null);
      };
    }
  }
}
