package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.LogNames;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.telemetry.Kind;
import io.mayfly.protocol.telemetry.Tracing;
import io.mayfly.protocol.telemetry.Tracing.Span;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a key's commands, timed: recovery, decision, journal, end. Those of a command that
 * is followed become spans. An end that nobody asked for is followed when the creation was.
 */
final class Steps {
  private final EntrySurroundings surroundings;
  private final Kind kind;

  private final long startedNanos = System.nanoTime();

  /** Below 0 while the key recovers; then how long that took, until its first command. */
  private long recoveryNanos = -1;

  private long writingNanos;
  private @Nullable String context;
  private @Nullable Span end;

  Steps(Kind kind, EntrySurroundings surroundings) {
    this.kind = kind;
    this.surroundings = surroundings;
  }

  /** The key is as it was stored. */
  void recovered() {
    if (recoveryNanos < 0) {
      recoveryNanos = System.nanoTime() - startedNanos;
      surroundings.telemetry().recovered(kind, recoveryNanos);
    }
  }

  /** Decides a command; its events are handed to the journal next. */
  Decision decide(EntryState state, EntryRequest request, Situation situation) {
    String trace = request.trace();
    Decision decision;
    if (trace == null) {
      decision = surroundings.decide(state, request.command(), situation);
    } else {
      if (recoveryNanos > 0) {
        tracing().step("recovery", trace, recoveryNanos).finish();
      }
      long beganNanos = System.nanoTime();
      decision = surroundings.decide(state, request.command(), situation);
      tracing()
          .step("decision", trace, System.nanoTime() - beganNanos)
          .tag("reply", word(decision.reply()))
          .finish();
    }
    follow(state, decision, trace, situation);
    recoveryNanos = 0;
    writingNanos = decision.events().isEmpty() ? 0 : System.nanoTime();
    return decision;
  }

  /** The journal has the events, if there were any. */
  void done() {
    if (writingNanos != 0 && kind == Kind.ENTRY) {
      long tookNanos = System.nanoTime() - writingNanos;
      surroundings.telemetry().written(kind, tookNanos);
      if (context != null) {
        tracing().step("journal", context, tookNanos).finish();
      }
    }
    over();
  }

  /** The command is over, whatever became of it. */
  void over() {
    if (end != null) {
      end.finish();
    }
    end = null;
    context = null;
    writingNanos = 0;
  }

  private void follow(
      EntryState before, Decision decision, @Nullable String trace, Situation situation) {
    Life life = before.current();
    String origin = life == null ? null : life.traceparent();
    context = trace;
    if (trace == null && origin == null) {
      return;
    }
    EntryEvent.Ended ended = ended(decision.events());
    if (ended == null) {
      return;
    }
    end = trace == null ? tracing().consequence("end", origin) : tracing().step("end", trace, 0);
    if (end != null) {
      describe(end, ended, situation);
      if (trace != null && origin != null) {
        end.link(origin);
      }
      context = end.context();
    }
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
        ? refusal.reason().name().toLowerCase(Locale.ROOT).replace('_', '-')
        : reply.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private Tracing tracing() {
    return surroundings.telemetry().tracing();
  }
}
