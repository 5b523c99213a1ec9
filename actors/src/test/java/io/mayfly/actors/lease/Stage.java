package io.mayfly.actors.lease;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseCommand.Acquire;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.LeaseTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One resource under a contract and a clock that tests set. Times are seconds from {@link #NOW}.
 */
final class Stage {
  static final LeaseId ID = new LeaseId("ns", "lock");
  static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  static final Contract CONTRACT =
      Contract.STANDARD.with(
          new Lifetime(
              Duration.ofSeconds(60),
              Duration.ofSeconds(1),
              Duration.ofHours(1),
              Renewal.RENEWABLE,
              Duration.ofHours(2),
              Duration.ofMinutes(10)));

  final List<LeaseEvent> events = new ArrayList<>();
  LeaseState state = LeaseState.initial();
  Queue queue = Queue.EMPTY;
  Contract contract = CONTRACT;
  LeaseLimits limits = new LeaseLimits(3, 5, Duration.ofSeconds(60));
  long nowMillis = NOW.toEpochMilli();
  long purgedToken;
  private int nonce;

  Stage at(double seconds) {
    nowMillis = NOW.toEpochMilli() + Math.round(seconds * 1000);
    return this;
  }

  Decision decide(LeaseCommand command) {
    return decide(command, nowMillis);
  }

  private Decision decide(LeaseCommand command, long sinceMillis) {
    return state.decide(
        command, new Situation(ID, contract, nowMillis, sinceMillis, purgedToken, limits, queue));
  }

  Decision send(LeaseCommand command) {
    return send(command, nowMillis);
  }

  /** The same for a command that waited for its turn since an instant. */
  Decision send(LeaseCommand command, long sinceMillis) {
    Decision decision = decide(command, sinceMillis);
    for (LeaseEvent event : decision.events()) {
      state = event.applyTo(state);
      purgedToken = Math.max(purgedToken, event.ledgerChange().purged());
    }
    queue = decision.queue();
    events.addAll(decision.events());
    return decision;
  }

  /** The reply to a command, as a line. */
  String ask(LeaseCommand command) {
    return said(send(command).reply());
  }

  Acquire acquire(String holder, int permits, double ttl, double patience) {
    return acquire(holder, permits, ttl, patience, LeaseTerms.NONE);
  }

  Acquire acquire(String holder, int permits, double ttl, double patience, LeaseTerms terms) {
    nonce++;
    return new Acquire("n" + nonce, holder, permits, duration(ttl), duration(patience), terms);
  }

  static LeaseCommand define(int capacity, double cooldown) {
    return new LeaseCommand.Define(capacity, duration(cooldown), LeaseTerms.NONE);
  }

  static LeaseTerms retry(String key, String fingerprint) {
    return new LeaseTerms(Origin.UNKNOWN, new RetryKey(key, fingerprint, false));
  }

  static Duration duration(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  /** The id of the newest lease. */
  String leaseId() {
    for (int i = events.size() - 1; i >= 0; i--) {
      if (events.get(i) instanceof LeaseEvent.Granted granted) {
        return granted.leaseId();
      }
    }
    return "none";
  }

  LeaseCommand renew(double ttl) {
    return new LeaseCommand.Renew(leaseId(), duration(ttl), LeaseTerms.NONE);
  }

  LeaseCommand release() {
    return new LeaseCommand.Release(leaseId(), LeaseTerms.NONE);
  }

  static String names(List<LeaseEvent> events) {
    return events.stream()
        .map(event -> event.getClass().getSimpleName())
        .collect(Collectors.joining(" "));
  }

  static String answers(Decision decision) {
    return decision.answers().stream()
        .map(answer -> answer.nonce() + ": " + said(Optional.of(answer.reply())))
        .collect(Collectors.joining(", "));
  }

  static String said(Optional<LeaseReply> reply) {
    return reply.map(said -> said.match(new Described())).orElse("waits");
  }

  private static String seconds(Instant instant) {
    double seconds = Duration.between(NOW, instant).toMillis() / 1000.0;
    return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
  }

  /** Replies as lines. */
  private static final class Described implements LeaseReply.Cases<String> {
    @Override
    public String defined(LeaseReply.Defined reply) {
      return (reply.created() ? "created " : "changed ") + shown(reply.view());
    }

    @Override
    public String granted(LeaseReply.Granted reply) {
      return (reply.replayed() ? "again " : "")
          + "granted "
          + reply.permits()
          + " to "
          + reply.holder()
          + " until "
          + seconds(reply.expiresAt());
    }

    @Override
    public String released(LeaseReply.Released reply) {
      return reply.replayed() ? "again released" : "released";
    }

    @Override
    public String found(LeaseReply.Found reply) {
      return "found " + shown(reply.view());
    }

    @Override
    public String story(LeaseReply.Story reply) {
      return "told "
          + reply.events().stream()
              .map(event -> event.kind().text())
              .collect(Collectors.joining(" "));
    }

    @Override
    public String settled(LeaseReply.Settled reply) {
      return "settled";
    }

    @Override
    public String refused(LeaseRefusal reply) {
      String rules =
          reply.violations().stream()
              .map(violation -> " " + violation.rule())
              .collect(Collectors.joining());
      return reply.reason() + rules;
    }

    private static String shown(LeaseReply.View view) {
      return view.available() + " of " + view.capacity() + ", " + view.waiting() + " wait";
    }
  }
}
