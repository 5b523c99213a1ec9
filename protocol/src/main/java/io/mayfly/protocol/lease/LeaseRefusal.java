package io.mayfly.protocol.lease;

import io.mayfly.protocol.entry.Violation;
import io.mayfly.protocol.pressure.Fill;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command was not carried out. Nothing changed, except under {@link Reason#OUTCOME_UNKNOWN},
 * where nobody can say.
 *
 * @param holders who holds what was asked for ({@code LEASE_HELD}), at most {@link #HOLDERS_MAX},
 *     those first whose lease ends first
 * @param violations the broken rules
 * @param retryAfter how long to wait before a retry can help
 * @param queue the queue that is full
 */
public record LeaseRefusal(
    Reason reason,
    List<Holder> holders,
    List<Violation> violations,
    @Nullable Duration retryAfter,
    @Nullable Fill queue)
    implements LeaseReply {
  /** The most holders that a refusal names. */
  public static final int HOLDERS_MAX = 100;

  /** The conditions under which a command is not carried out. */
  public enum Reason {
    /** There is no such resource, or it was purged after disuse. */
    UNKNOWN_LEASE,
    /** Others hold the permits, or wait for them. */
    LEASE_HELD,
    /** The lease ended, or never was. */
    LEASE_LOST,
    /** The contract forbids it. */
    CONTRACT_VIOLATION,
    /** Neither the caller nor the producer is among the contract's writers. */
    WRITER_NOT_ALLOWED,
    /** Another request used the same idempotency key. */
    IDEMPOTENCY_MISMATCH,
    /** The first request with this idempotency key is under way. */
    IDEMPOTENCY_IN_PROGRESS,
    /** The namespace takes no more requests in this second. */
    RATE_EXCEEDED,
    /** The queue is full, or too many requests to this resource are under way. */
    KEY_OVERLOADED,
    /** Too many requests to this namespace are under way. */
    NAMESPACE_OVERLOADED,
    /** Too many acquires wait through this node, or it has no way to the resource now. */
    NODE_OVERLOADED,
    /** The memory of the node takes nothing new. */
    MEMORY_LOW,
    /** The caller's time was over before the turn of the command came. */
    NOT_BEGUN,
    /** The queue was given up because its node stops or moves it. */
    DRAINING,
    /** The command may or may not have been carried out. */
    OUTCOME_UNKNOWN,
    /**
     * The attempt came so late that an earlier or later one with its idempotency key may have been
     * answered, and the answer forgotten.
     */
    ANSWER_FORGOTTEN
  }

  /** A refusal that needs no data. */
  public static LeaseRefusal of(Reason reason) {
    return new LeaseRefusal(reason, List.of(), List.of(), null, null);
  }

  /** A rule was broken. */
  public static LeaseRefusal violating(Reason reason, Violation violation) {
    return new LeaseRefusal(reason, List.of(), List.of(violation), null, null);
  }

  /** Others hold it; the first of their leases ends after this time. */
  public static LeaseRefusal held(List<Holder> holders, Duration retryAfter) {
    return new LeaseRefusal(Reason.LEASE_HELD, List.copyOf(holders), List.of(), retryAfter, null);
  }

  /** Try again later. */
  public static LeaseRefusal later(Reason reason, Duration retryAfter) {
    return new LeaseRefusal(reason, List.of(), List.of(), retryAfter, null);
  }

  /** A queue is full; try again later. */
  public static LeaseRefusal full(Reason reason, @Nullable Fill queue, Duration retryAfter) {
    return new LeaseRefusal(reason, List.of(), List.of(), retryAfter, queue);
  }

  @Override
  public <R> R match(Cases<R> cases) {
    return cases.refused(this);
  }
}
