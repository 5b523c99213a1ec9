package io.mayfly.actors.entry;

import io.mayfly.actors.telemetry.KeySteps;
import io.mayfly.protocol.contract.LogNames;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.telemetry.Kind;
import io.mayfly.protocol.telemetry.Tracing;
import io.mayfly.protocol.telemetry.Tracing.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of an entry's commands: recovery, decision, journal, end. An end that nobody asked for
 * is followed when the creation was.
 */
final class Steps {
  private final EntrySurroundings surroundings;
  private final boolean journaled;
  private final KeySteps steps;
  private @Nullable Span end;

  Steps(Kind kind, EntrySurroundings surroundings) {
    this.surroundings = surroundings;
    this.journaled = kind == Kind.ENTRY;
    this.steps = new KeySteps(kind, surroundings.telemetry());
  }

  /** The key is as it was stored. */
  void recovered() {
    steps.recovered();
  }

  /** Decides a command; its events are handed to the journal next. */
  Decision decide(EntryState state, EntryRequest request, Situation situation) {
    String trace = request.trace();
    long beganNanos = steps.begin(trace);
    Decision decision = surroundings.decide(state, request.command(), situation);
    if (trace != null) {
      steps.decided(trace, beganNanos, word(decision.reply()));
    }
    String context = follow(state, decision, trace, situation);
    if (journaled && !decision.events().isEmpty()) {
      steps.writing(context);
    }
    return decision;
  }

  /** The journal has the events, if there were any. */
  void done() {
    var unused = steps.written();
    over();
  }

  /** The command is over, whatever became of it. */
  void over() {
    if (end != null) {
      end.finish();
    }
    end = null;
    steps.over();
  }

  /** Begins the span of an end, if there is one; the context of what follows. */
  private @Nullable String follow(
      EntryState before, Decision decision, @Nullable String trace, Situation situation) {
    Life life = before.current();
    String origin = life == null ? null : life.traceparent();
    if (trace == null && origin == null) {
      return null;
    }
    EntryEvent.Ended ended = ended(decision.events());
    if (ended == null) {
      return trace;
    }
    end = tracing().end(trace, origin);
    if (end == null) {
      return trace;
    }
    describe(end, ended, situation);
    return end.context();
  }

  private void describe(Span span, EntryEvent.Ended ended, Situation situation) {
    String namespace = situation.id().namespace();
    span.tag("namespace", namespace)
        .tag("key", new LogNames(surroundings.contracts()).key(namespace, situation.id().key()))
        .tag("incarnation", Long.toString(ended.fact().version().incarnation()))
        .tag("revision", Long.toString(ended.fact().version().revision()))
        .tag("event", "ended")
        .tag("reason", ended.reason().text())
        .tag("lateMs", Long.toString(ended.lateMillis()));
  }

  private static EntryEvent.@Nullable Ended ended(List<EntryEvent> events) {
    for (EntryEvent event : events) {
      if (event instanceof EntryEvent.Ended ended) {
        return ended;
      }
    }
    return null;
  }

  private static String word(EntryReply reply) {
    return reply instanceof Refusal refusal
        ? KeySteps.word(refusal.reason())
        : KeySteps.word((Record) reply);
  }

  private Tracing tracing() {
    return surroundings.telemetry().tracing();
  }
}
