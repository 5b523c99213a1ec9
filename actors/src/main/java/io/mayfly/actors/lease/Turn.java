package io.mayfly.actors.lease;

import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseCommand.Acquire;
import io.mayfly.protocol.lease.LeaseCommand.Define;
import io.mayfly.protocol.lease.LeaseCommand.Leave;
import io.mayfly.protocol.lease.LeaseCommand.Mutating;
import io.mayfly.protocol.lease.LeaseCommand.ReadHistory;
import io.mayfly.protocol.lease.LeaseCommand.Release;
import io.mayfly.protocol.lease.LeaseCommand.Renew;
import io.mayfly.protocol.lease.LeaseHistoryEvent;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseRefusal.Reason;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.LeaseTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The course of one decision: what the clock brought about, the command, and whom the queue then
 * serves. It collects events and answers, and is thrown away.
 */
final class Turn {
  static final Optional<LeaseReply> SETTLED = Optional.of(LeaseReply.Settled.INSTANCE);
  static final Optional<LeaseReply> LOST = Optional.of(LeaseRefusal.of(Reason.LEASE_LOST));

  /** How late an acquire may still be served: later, nobody may be there to hear of it. */
  private static final long LATE_MILLIS = 1_000;

  private final Situation situation;
  private final long now;
  private final List<LeaseEvent> events = new ArrayList<>();
  private final List<Decision.Answer> answers = new ArrayList<>();
  private LeaseState state;
  private Queue queue;

  Turn(LeaseState state, Situation situation) {
    this.state = state;
    this.situation = situation;
    this.now = situation.nowMillis();
    this.queue = situation.queue();
  }

  Decision decide(LeaseCommand command) {
    if (command instanceof Leave leave) {
      dismiss(waiter -> waiter.is(leave.nonce()));
    }
    catchUp();
    LeaseReply refusal =
        command instanceof Mutating mutation
            ? Checks.around(resource().memory(), mutation, queue, situation)
            : null;
    Optional<LeaseReply> reply =
        refusal == null ? command.match(state, this) : Optional.of(refusal);
    serve();
    return new Decision(List.copyOf(events), reply, List.copyOf(answers), queue);
  }

  /** Creates or changes the resource. Waiters that can never be served any more are told so. */
  Optional<LeaseReply> define(Define command, boolean created) {
    LeaseReply refusal = Checks.cooldown(command, situation);
    if (refusal != null) {
      return Optional.of(refusal);
    }
    long floor = Math.max(state.highestToken(), situation.purgedToken());
    happen(
        command.terms(),
        true,
        fact ->
            new LeaseEvent.Defined(fact, command.capacity(), command.cooldown().toMillis(), floor));
    for (Waiter waiter : queue.all(this::oversized)) {
      answers.add(answer(waiter, Checks.oversized(command.capacity())));
    }
    queue = queue.without(this::oversized);
    serve();
    return Optional.of(new LeaseReply.Defined(created, resource().view(queue.size(), now)));
  }

  /** Takes permits at once, or stands in the queue, or is refused. */
  Optional<LeaseReply> acquire(Acquire command) {
    LeaseReply refusal = Checks.acquire(resource(), command, situation);
    if (refusal != null) {
      return Optional.of(refusal);
    }
    if (queue.isEmpty() && free(command)) {
      return Optional.of(
          crowded() ? LeaseRefusal.later(Reason.KEY_OVERLOADED, Checks.RETRY) : grant(command));
    }
    if (!command.waits()) {
      return Optional.of(held());
    }
    if (queue.size() >= situation.limits().queueMax()) {
      return Optional.of(LeaseRefusal.later(Reason.KEY_OVERLOADED, Checks.RETRY));
    }
    queue = queue.with(new Waiter(command, now + command.patience().toMillis()));
    return Optional.empty();
  }

  /** Moves the deadline of a lease that stands. */
  Optional<LeaseReply> renew(Renew command) {
    Held held = resource().held(command.leaseId());
    if (held == null) {
      return LOST;
    }
    LeaseReply refusal = Checks.ttl(command.ttl(), situation);
    if (refusal != null) {
      return Optional.of(refusal);
    }
    long expiresAtMillis = now + command.ttl().toMillis();
    happen(
        command.terms(),
        resource().defined(),
        fact ->
            new LeaseEvent.Renewed(
                fact, command.leaseId(), expiresAtMillis, held.until(expiresAtMillis).shown()));
    Held renewed = Objects.requireNonNull(resource().held(command.leaseId()));
    return Optional.of(renewed.granted(resource().capacity()));
  }

  /** Ends a lease that stands; one that was released before stays so. */
  Optional<LeaseReply> release(Release command) {
    Held held = resource().held(command.leaseId());
    if (held == null) {
      return resource().released(command.leaseId(), now)
          ? Optional.of(new LeaseReply.Released(false))
          : LOST;
    }
    long rememberedUntilMillis = now + situation.tombstoneMillis();
    happen(
        command.terms(),
        resource().defined(),
        fact ->
            new LeaseEvent.Released(fact, command.leaseId(), rememberedUntilMillis, held.shown()));
    return Optional.of(new LeaseReply.Released(false));
  }

  /** Shows the resource. */
  Optional<LeaseReply> read() {
    return Optional.of(new LeaseReply.Found(resource().view(queue.size(), now)));
  }

  /** Tells what happened to the resource. */
  Optional<LeaseReply> readHistory(ReadHistory command) {
    List<LeaseHistoryEvent> story = resource().history();
    int from = Math.max(0, story.size() - command.limit());
    return Optional.of(new LeaseReply.Story(List.copyOf(story.subList(from, story.size()))));
  }

  /** Ends what is overdue, gives what became free, and sends away whose patience is over. */
  private void catchUp() {
    Held overdue = resource().overdue(now);
    while (overdue != null) {
      Held ended = overdue;
      happen(
          LeaseTerms.NONE,
          resource().defined(),
          fact -> new LeaseEvent.Expired(fact, ended.leaseId(), ended.shown()));
      overdue = resource().overdue(now);
    }
    dismiss(waiter -> waiter.untilMillis() + LATE_MILLIS <= now);
    serve();
    dismiss(waiter -> waiter.untilMillis() <= now);
    serve();
    if (queue.isEmpty() && disused()) {
      long token = state.highestToken();
      happen(LeaseTerms.NONE, false, fact -> new LeaseEvent.Purged(fact, token));
    }
  }

  private boolean disused() {
    return state instanceof LeaseState.Standing
        && resource().holders().isEmpty()
        && now >= state.wakeAtMillis();
  }

  /** Gives to the head of the queue as long as it fits. Nobody behind it is looked at. */
  private void serve() {
    Waiter head = queue.head();
    while (head != null && free(head.acquire()) && !crowded()) {
      queue = queue.withoutHead();
      answers.add(answer(head, grant(head.acquire())));
      head = queue.head();
    }
  }

  private LeaseReply grant(Acquire command) {
    long token = situation.nextToken(state.highestToken());
    String leaseId = Long.toString(token, Character.MAX_RADIX) + '.' + command.nonce();
    long expiresAtMillis = now + command.ttl().toMillis();
    LeaseEvent.Granted granted =
        (LeaseEvent.Granted)
            happen(
                command.terms(),
                resource().defined(),
                fact ->
                    new LeaseEvent.Granted(
                        fact,
                        leaseId,
                        command.holder(),
                        command.permits(),
                        token,
                        expiresAtMillis));
    return granted.held().granted(resource().capacity());
  }

  private void dismiss(Predicate<Waiter> leaving) {
    queue.all(leaving).forEach(waiter -> answers.add(answer(waiter, held())));
    queue = queue.without(leaving);
  }

  private LeaseReply held() {
    return Checks.held(resource(), now);
  }

  private boolean free(Acquire command) {
    return resource().available(now) >= command.permits();
  }

  private boolean oversized(Waiter waiter) {
    return waiter.acquire().permits() > resource().capacity();
  }

  private boolean crowded() {
    return resource().holders().size() + resource().resting().size()
        >= situation.limits().holdersMax();
  }

  private Resource resource() {
    return state.resource();
  }

  private static Decision.Answer answer(Waiter waiter, LeaseReply reply) {
    return new Decision.Answer(waiter.acquire().nonce(), reply);
  }

  /** Lets an event happen; it tells the ledger when the state after it must be woken. */
  private LeaseEvent happen(LeaseTerms terms, boolean defined, Function<Fact, LeaseEvent> event) {
    @Nullable Mark mark = Mark.of(terms.retryKey(), situation);
    Fact fact =
        new Fact(
            situation.id(),
            now,
            terms.origin(),
            state.wakeAtMillis(),
            /* wakeAfterMillis= */ 0,
            situation.disuseMillis(defined),
            situation.contract().history().revisions(),
            situation.forced(),
            mark);
    LeaseState after = event.apply(fact).applyTo(state);
    LeaseEvent happened = event.apply(fact.waking(after.wakeAtMillis()));
    state = after;
    events.add(happened);
    return happened;
  }
}
