package io.mayfly.protocol.entry;

import io.mayfly.protocol.pressure.Fill;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command was not carried out. Nothing changed, except under {@link Reason#OUTCOME_UNKNOWN},
 * where nobody can say.
 *
 * @param version the current version, or the last one of an ended key
 * @param expiresAt the deadline of a live entry
 * @param at when the entry ended ({@code KEY_ENDED}), or becomes valid ({@code NOT_YET_VALID})
 * @param endReason why the entry ended
 * @param violations the broken rules
 * @param retryAfter how long to wait before a retry can help
 * @param versionVector what the entry has seen ({@code CONCURRENT_UPDATE} and its like)
 * @param expected the producer's next number ({@code SEQUENCE_GAP}, {@code OUT_OF_ORDER})
 * @param queue the queue that is full
 */
public record Refusal(
    Reason reason,
    @Nullable Version version,
    @Nullable Instant expiresAt,
    @Nullable Instant at,
    @Nullable EndReason endReason,
    List<Violation> violations,
    @Nullable Duration retryAfter,
    @Nullable VersionVector versionVector,
    @Nullable Long expected,
    @Nullable Fill queue)
    implements EntryReply {

  /** The conditions under which a command is not carried out. */
  public enum Reason {
    /** The key never existed, or its tombstone is purged. */
    UNKNOWN_KEY,
    /** The key ended; its tombstone stands. */
    KEY_ENDED,
    /** The revision asked for never existed or is no longer kept. */
    UNKNOWN_REVISION,
    /** The entry exists and is not yet valid. */
    NOT_YET_VALID,
    /** A condition of the request does not hold. */
    PRECONDITION_FAILED,
    /** A patch does not apply to the value. */
    PATCH_FAILED,
    /** The value to increment is no number. */
    NOT_A_NUMBER,
    /** The sum leaves 64 bits, or the finite doubles. */
    NUMBER_OUT_OF_RANGE,
    /** The revision to roll back to is not kept. */
    REVISION_NOT_KEPT,
    /** The contract forbids it. */
    CONTRACT_VIOLATION,
    /** Neither the caller nor the producer is among the contract's writers. */
    WRITER_NOT_ALLOWED,
    /** The contract has switched this kind of mutation off. */
    TRANSITION_DISABLED,
    /** The contract demands a condition, and the request has none. */
    PRECONDITION_REQUIRED,
    /** The contract demands a fencing token, and the request has none. */
    FENCE_REQUIRED,
    /** The entry has seen a higher fencing token. */
    STALE_FENCE,
    /** Another request used the same idempotency key. */
    IDEMPOTENCY_MISMATCH,
    /** The first request with this idempotency key is under way. */
    IDEMPOTENCY_IN_PROGRESS,
    /** The producer's number is older than its last one. */
    OUT_OF_ORDER,
    /** Numbers before this one are missing, and the contract does not accept gaps. */
    SEQUENCE_GAP,
    /** The update is concurrent to what stands, and the contract has no way to merge it. */
    CONCURRENT_UPDATE,
    /** The entry keeps as many concurrent updates as it can. */
    TOO_MANY_CONCURRENT_UPDATES,
    /** The namespace takes no more requests in this second. */
    RATE_EXCEEDED,
    /** Too many requests to this key are under way. */
    KEY_OVERLOADED,
    /** Too many requests to this namespace are under way. */
    NAMESPACE_OVERLOADED,
    /** The value is larger than the contract allows. */
    VALUE_TOO_LARGE,
    /** The node, or its path to the key, takes no more work now. */
    NODE_OVERLOADED,
    /** The memory of the node takes nothing new; what stands can be changed and ended. */
    MEMORY_LOW,
    /** The caller's time was over before the turn of the command came. */
    NOT_BEGUN,
    /** The node is on its way down. */
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
  public static Refusal of(Reason reason) {
    return new Refusal(reason, null, null, null, null, List.of(), null, null, null, null);
  }

  /** A refusal about an entry in its current version. */
  public static Refusal of(Reason reason, @Nullable Version version, @Nullable Instant expiresAt) {
    return new Refusal(reason, version, expiresAt, null, null, List.of(), null, null, null, null);
  }

  /** The key ended. */
  public static Refusal ended(Version version, EndReason endReason, Instant endedAt) {
    return new Refusal(
        Reason.KEY_ENDED, version, null, endedAt, endReason, List.of(), null, null, null, null);
  }

  /** The entry becomes valid later. */
  public static Refusal notYetValid(
      Version version, Instant validFrom, Instant expiresAt, Duration wait) {
    return new Refusal(
        Reason.NOT_YET_VALID,
        version,
        expiresAt,
        validFrom,
        null,
        List.of(),
        wait,
        null,
        null,
        null);
  }

  /** A number at the wrong place in its producer's sequence. */
  public static Refusal misplaced(
      Reason reason, @Nullable Version version, @Nullable Instant expiresAt, long expected) {
    return new Refusal(
        reason, version, expiresAt, null, null, List.of(), null, null, expected, null);
  }

  /** An update that the entry cannot take beside what it has seen. */
  public static Refusal concurrent(
      Reason reason, Version version, Instant expiresAt, VersionVector seen) {
    return new Refusal(reason, version, expiresAt, null, null, List.of(), null, seen, null, null);
  }

  /** A refusal about an entry, with the broken rules. */
  public static Refusal violating(
      Reason reason,
      @Nullable Version version,
      @Nullable Instant expiresAt,
      List<Violation> violations) {
    return new Refusal(
        reason, version, expiresAt, null, null, List.copyOf(violations), null, null, null, null);
  }

  /** Rules were broken. */
  public static Refusal violating(Reason reason, List<Violation> violations) {
    return new Refusal(
        reason, null, null, null, null, List.copyOf(violations), null, null, null, null);
  }

  /** Try again later. */
  public static Refusal later(Reason reason, Duration retryAfter) {
    return new Refusal(reason, null, null, null, null, List.of(), retryAfter, null, null, null);
  }

  /** A queue is full; try again later. */
  public static Refusal full(Reason reason, Fill queue, Duration retryAfter) {
    return new Refusal(reason, null, null, null, null, List.of(), retryAfter, null, null, queue);
  }

  /** Whether this only says that no answer came in time. */
  public boolean unanswered() {
    return reason == Reason.OUTCOME_UNKNOWN || reason == Reason.NOT_BEGUN;
  }

  @Override
  public <R> R match(Cases<R> cases) {
    return cases.refused(this);
  }
}
