package io.mayfly.actors.lease;

import io.mayfly.actors.telemetry.KeySteps;
import io.mayfly.protocol.contract.LogNames;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.telemetry.Kind;
import io.mayfly.protocol.telemetry.Tracing;
import io.mayfly.protocol.telemetry.Tracing.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a resource's commands: recovery, decision, journal, and the ends of leases. An end
 * that nobody asked for is followed when its acquire was.
 */
final class Steps {
  private final LeaseSurroundings surroundings;
  private final KeySteps steps;
  private List<Span> ends = List.of();
  private long tookNanos;

  Steps(LeaseSurroundings surroundings) {
    this.surroundings = surroundings;
    this.steps = new KeySteps(Kind.LEASE, surroundings.telemetry());
  }

  /** The resource is as it was stored. */
  void recovered() {
    steps.recovered();
  }

  /** Decides a command; its events are handed to the journal next. */
  Decision decide(LeaseState state, LeaseRequest request, Situation situation) {
    String trace = request.trace();
    long beganNanos = steps.begin(trace);
    Decision decision = state.decide(request.command(), situation);
    if (trace != null) {
      String word = decision.reply().isEmpty() ? "waiting" : word(decision.reply().get());
      steps.decided(trace, beganNanos, word);
    }
    if (!decision.events().isEmpty()) {
      steps.writing(follow(state, decision, trace, situation));
    }
    return decision;
  }

  /** The journal has the events, if there were any. */
  void done() {
    tookNanos = steps.written();
    over();
  }

  /** Somebody who waited was answered with what {@link #done()} was about. */
  void served(LeaseRequest waiter) {
    String trace = waiter.trace();
    if (trace != null && tookNanos != 0) {
      tracing().step("journal", trace, tookNanos).finish();
    }
  }

  /** The command is over, whatever became of it. */
  void over() {
    for (Span end : ends) {
      end.finish();
    }
    ends = List.of();
    steps.over();
  }

  /** Begins the spans of ends; the context of what follows. */
  private @Nullable String follow(
      LeaseState before, Decision decision, @Nullable String trace, Situation situation) {
    List<LeaseEvent> events = decision.events();
    for (int i = 0; i < events.size(); i++) {
      LeaseEvent event = events.get(i);
      if (event instanceof LeaseEvent.Released released) {
        end(before, released.leaseId(), "released", trace, situation);
      } else if (event instanceof LeaseEvent.Expired expired) {
        end(before, expired.leaseId(), "expired", trace, situation);
      }
    }
    return ends.isEmpty() ? trace : ends.get(0).context();
  }

  private void end(
      LeaseState before,
      String leaseId,
      String reason,
      @Nullable String trace,
      Situation situation) {
    Held held = before.resource().held(leaseId);
    Span end = held == null ? null : tracing().end(trace, held.traceparent());
    if (held != null && end != null) {
      String namespace = situation.id().namespace();
      end.tag("namespace", namespace)
          .tag("key", new LogNames(surroundings.contracts()).key(namespace, situation.id().name()))
          .tag("event", "ended")
          .tag("reason", reason)
          .tag("token", Long.toString(held.token()));
      ends = ends.isEmpty() ? new ArrayList<>() : ends;
      ends.add(end);
    }
  }

  private static String word(LeaseReply reply) {
    return reply instanceof LeaseRefusal refusal
        ? KeySteps.word(refusal.reason())
        : KeySteps.word((Record) reply);
  }

  private Tracing tracing() {
    return surroundings.telemetry().tracing();
  }
}
