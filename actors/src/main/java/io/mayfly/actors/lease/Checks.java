package io.mayfly.actors.lease;

import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Violation;
import io.mayfly.protocol.lease.LeaseCommand.Acquire;
import io.mayfly.protocol.lease.LeaseCommand.Define;
import io.mayfly.protocol.lease.LeaseCommand.Mutating;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseRefusal.Reason;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.LeaseReply.Granted;
import io.mayfly.protocol.lease.LeaseReply.Released;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a command is answered without an effect. Each check is null where it finds nothing. */
final class Checks {
  /** When to come back to a resource that has too much to do. */
  static final Duration RETRY = Duration.ofMillis(100);

  private Checks() {}

  /**
   * What stands around every mutation: a retry gets its first answer, and the writer may write.
   *
   * @param memory the answers that the resource remembers
   */
  static @Nullable LeaseReply around(
      Memory memory, Mutating command, Queue queue, Situation situation) {
    RetryKey retryKey = command.terms().retryKey();
    LeaseReply known = retryKey == null ? null : known(memory, retryKey, queue, situation);
    if (known != null) {
      return known;
    }
    return mayWrite(situation.contract().mutation().writers(), command.terms().origin())
        ? null
        : LeaseRefusal.violating(
            Reason.WRITER_NOT_ALLOWED,
            new Violation(
                "mutation.writers",
                "",
                "neither the caller nor the producer is among the writers"));
  }

  private static @Nullable LeaseReply known(
      Memory memory, RetryKey retryKey, Queue queue, Situation situation) {
    for (Waiter waiter : queue.waiters()) {
      RetryKey waiting = waiter.acquire().terms().retryKey();
      if (waiting != null && waiting.key().equals(retryKey.key())) {
        return waiting.fingerprint().equals(retryKey.fingerprint())
            ? LeaseRefusal.later(Reason.IDEMPOTENCY_IN_PROGRESS, RETRY)
            : LeaseRefusal.of(Reason.IDEMPOTENCY_MISMATCH);
      }
    }
    long windowMillis = situation.contract().idempotency().window().toMillis();
    long sinceMillis = situation.sinceMillis();
    Memory.Answer answer =
        memory.since(Math.min(situation.nowMillis() - windowMillis, sinceMillis - 1), retryKey);
    if (answer == null) {
      return sinceMillis <= memory.forgottenMillis()
          ? LeaseRefusal.of(Reason.ANSWER_FORGOTTEN)
          : null;
    }
    return answer.fingerprint().equals(retryKey.fingerprint())
        ? replayed(answer.reply())
        : LeaseRefusal.of(Reason.IDEMPOTENCY_MISMATCH);
  }

  private static LeaseReply replayed(LeaseReply reply) {
    return reply instanceof Granted granted
        ? new Granted(
            granted.leaseId(),
            granted.token(),
            granted.holder(),
            granted.permits(),
            granted.expiresAt(),
            granted.capacity(),
            /* replayed= */ true)
        : new Released(/* replayed= */ true);
  }

  private static boolean mayWrite(Set<String> writers, Origin origin) {
    String writer = origin.caller() != null ? origin.caller() : origin.producer();
    return writers.isEmpty() || (writer != null && writers.contains(writer));
  }

  static @Nullable LeaseReply acquire(Resource resource, Acquire command, Situation situation) {
    LeaseReply ttl = ttl(command.ttl(), situation);
    if (ttl != null) {
      return ttl;
    }
    Duration waitMax = situation.limits().waitMax();
    if (command.patience().compareTo(waitMax) > 0) {
      return violation("wait", "an acquire waits at most " + waitMax.toMillis() + " ms");
    }
    return command.permits() > resource.capacity() ? oversized(resource.capacity()) : null;
  }

  static @Nullable LeaseReply ttl(Duration ttl, Situation situation) {
    Lifetime lifetime = situation.contract().lifetime();
    if (ttl.compareTo(lifetime.min()) < 0) {
      return violation(
          "lifetime.min", "a lease lasts at least " + lifetime.min().toMillis() + " ms");
    }
    return ttl.compareTo(lifetime.max()) > 0
        ? violation("lifetime.max", "a lease lasts at most " + lifetime.max().toMillis() + " ms")
        : null;
  }

  static @Nullable LeaseReply cooldown(Define command, Situation situation) {
    Duration max = situation.contract().lifetime().max();
    return command.cooldown().compareTo(max) > 0
        ? violation("lifetime.max", "a cooldown lasts at most " + max.toMillis() + " ms")
        : null;
  }

  /** More permits than there are. */
  static LeaseReply oversized(int capacity) {
    return violation("capacity", "the resource has " + capacity + " permits");
  }

  /** Others hold the permits, rest them, or wait for them. */
  static LeaseReply held(Resource resource, long nowMillis) {
    long next = Math.min(resource.firstEndMillis(), resource.firstRestedMillis(nowMillis));
    Duration wait =
        next == Long.MAX_VALUE ? RETRY : Duration.ofMillis(Math.max(1, next - nowMillis));
    return LeaseRefusal.held(resource.holdersByEnd(LeaseRefusal.HOLDERS_MAX), wait);
  }

  private static LeaseReply violation(String rule, String detail) {
    return LeaseRefusal.violating(Reason.CONTRACT_VIOLATION, new Violation(rule, "", detail));
  }
}
