package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.pressure.Fill;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The total table from refusals to problems. */
final class Refusals {
  private static final Duration RETRY_STANDARD = Duration.ofMillis(500);

  private Refusals() {}

  /** The type of each reason. A reason without one does not compile. */
  static ProblemType type(Refusal.Reason reason) {
    return switch (reason) {
      case UNKNOWN_KEY -> ProblemType.UNKNOWN_KEY;
      case KEY_ENDED -> ProblemType.KEY_ENDED;
      case UNKNOWN_REVISION -> ProblemType.UNKNOWN_REVISION;
      case NOT_YET_VALID -> ProblemType.NOT_YET_VALID;
      case PRECONDITION_FAILED -> ProblemType.PRECONDITION_FAILED;
      case PATCH_FAILED -> ProblemType.PATCH_FAILED;
      case NOT_A_NUMBER -> ProblemType.NOT_A_NUMBER;
      case NUMBER_OUT_OF_RANGE -> ProblemType.NUMBER_OUT_OF_RANGE;
      case REVISION_NOT_KEPT -> ProblemType.REVISION_NOT_KEPT;
      case CONTRACT_VIOLATION -> ProblemType.CONTRACT_VIOLATION;
      case VALUE_TOO_LARGE -> ProblemType.VALUE_TOO_LARGE;
      case WRITER_NOT_ALLOWED -> ProblemType.WRITER_NOT_ALLOWED;
      case TRANSITION_DISABLED -> ProblemType.TRANSITION_DISABLED;
      case IDEMPOTENCY_IN_PROGRESS -> ProblemType.IDEMPOTENCY_IN_PROGRESS;
      case STALE_FENCE -> ProblemType.STALE_FENCE;
      case IDEMPOTENCY_MISMATCH -> ProblemType.IDEMPOTENCY_MISMATCH;
      case PRECONDITION_REQUIRED -> ProblemType.PRECONDITION_REQUIRED;
      case FENCE_REQUIRED -> ProblemType.FENCE_REQUIRED;
      case OUT_OF_ORDER -> ProblemType.OUT_OF_ORDER;
      case SEQUENCE_GAP -> ProblemType.SEQUENCE_GAP;
      case CONCURRENT_UPDATE -> ProblemType.CONCURRENT_UPDATE;
      case TOO_MANY_CONCURRENT_UPDATES -> ProblemType.TOO_MANY_CONCURRENT_UPDATES;
      case RATE_EXCEEDED -> ProblemType.RATE_EXCEEDED;
      case KEY_OVERLOADED -> ProblemType.KEY_OVERLOADED;
      case NAMESPACE_OVERLOADED -> ProblemType.NAMESPACE_OVERLOADED;
      case NODE_OVERLOADED, MEMORY_LOW, NOT_BEGUN -> ProblemType.NODE_OVERLOADED;
      case DRAINING -> ProblemType.DRAINING;
      case OUTCOME_UNKNOWN, ANSWER_FORGOTTEN -> ProblemType.OUTCOME_UNKNOWN;
    };
  }

  private static String detail(Refusal.Reason reason) {
    return switch (reason) {
      case UNKNOWN_KEY -> "There is no entry under this key.";
      case KEY_ENDED -> "The entry under this key has ended.";
      case UNKNOWN_REVISION -> "This revision never existed or is no longer kept.";
      case NOT_YET_VALID -> "The entry becomes valid later.";
      case PRECONDITION_FAILED -> "The entry is not in the version that the request names.";
      case PATCH_FAILED -> "The patch does not apply to the value; nothing was changed.";
      case NOT_A_NUMBER -> "The value is not a number; nothing was changed.";
      case NUMBER_OUT_OF_RANGE -> "The sum leaves 64 bits or the finite doubles.";
      case REVISION_NOT_KEPT -> "The revision to roll back to is not kept.";
      case CONTRACT_VIOLATION -> "The contract of the namespace forbids it; see errors.";
      case VALUE_TOO_LARGE -> "The value is larger than the contract allows.";
      case WRITER_NOT_ALLOWED ->
          "Neither the caller nor the producer is among the contract's writers.";
      case TRANSITION_DISABLED -> "The contract has switched this kind of mutation off.";
      case IDEMPOTENCY_IN_PROGRESS -> "The first request with this idempotency key is under way.";
      case STALE_FENCE -> "The entry has seen a higher fencing token.";
      case IDEMPOTENCY_MISMATCH -> "Another request used this idempotency key.";
      case PRECONDITION_REQUIRED -> "The contract demands a condition: If-Match or If-None-Match.";
      case FENCE_REQUIRED -> "The contract demands a fencing token: Mayfly-Fence.";
      case RATE_EXCEEDED ->
          "The namespace takes no more requests in this second; nothing was done.";
      case KEY_OVERLOADED -> "Too many requests to this key are under way; nothing was done.";
      case NAMESPACE_OVERLOADED ->
          "Too many requests to this namespace are under way; nothing was done.";
      case OUT_OF_ORDER -> "The producer's number is older than its last one; nothing was changed.";
      case SEQUENCE_GAP ->
          "Numbers before this one are missing, and the contract does not accept gaps.";
      case CONCURRENT_UPDATE -> "The update is concurrent to what stands; nothing was changed.";
      case TOO_MANY_CONCURRENT_UPDATES ->
          "The entry keeps as many concurrent updates as it can; nothing was changed.";
      case NODE_OVERLOADED -> "The node takes no more work now; nothing was done.";
      case MEMORY_LOW ->
          "The memory of the node is nearly full and takes nothing new; nothing was done. What"
              + " stands can be read, changed and ended.";
      case NOT_BEGUN -> "The time of the request was over before its turn came; nothing was done.";
      case DRAINING -> "The node is on its way down; nothing was done.";
      case OUTCOME_UNKNOWN ->
          "No answer came in time; the command may or may not have been carried out.";
      case ANSWER_FORGOTTEN ->
          "This attempt came so late that another one may have been answered, and the answer"
              + " forgotten; this one did nothing.";
    };
  }

  /** The problem that a refusal is. */
  static Problem problem(EntryId id, Refusal refusal) {
    Problem problem =
        Problem.of(type(refusal.reason()), detail(refusal.reason()))
            .with("namespace", id.namespace())
            .with("key", id.key());
    if (refusal.version() != null) {
      problem =
          problem
              .with("incarnation", refusal.version().incarnation())
              .with("revision", refusal.version().revision())
              .with("etag", refusal.version().etag());
    }
    if (refusal.expiresAt() != null) {
      problem = problem.with("expiresAt", InstantText.format(refusal.expiresAt()));
    }
    if (refusal.endReason() != null) {
      problem = problem.with("reason", refusal.endReason().text());
    }
    if (refusal.expected() != null) {
      problem = problem.with("expected", refusal.expected());
    }
    if (refusal.queue() != null) {
      problem = queued(problem, refusal.queue());
    }
    if (refusal.versionVector() != null) {
      problem = problem.with("versionVector", refusal.versionVector());
    }
    return waiting(dated(problem, refusal).with(refusal.violations()), refusal.retryAfter());
  }

  private static Problem dated(Problem problem, Refusal refusal) {
    if (refusal.at() == null) {
      return problem;
    }
    String name = refusal.reason() == Refusal.Reason.NOT_YET_VALID ? "validFrom" : "endedAt";
    return problem.with(name, InstantText.format(refusal.at()));
  }

  /** The problem with the queue that is full. */
  static Problem queued(Problem problem, Fill queue) {
    String name =
        switch (problem.type()) {
          case KEY_OVERLOADED -> "key";
          case NAMESPACE_OVERLOADED -> "namespace";
          case RATE_EXCEEDED -> "rate";
          default -> "node";
        };
    return problem.with("queue", name).with("depth", queue.depth()).with("limit", queue.limit());
  }

  /** The problem with a wait: always one, with jitter, where too much is asked at a time. */
  static Problem waiting(Problem problem, @Nullable Duration retryAfter) {
    if (problem.type().status() == 503 || problem.type().status() == 429) {
      return problem.with(jittered(retryAfter == null ? RETRY_STANDARD : retryAfter));
    }
    return retryAfter == null ? problem : problem.with(retryAfter);
  }

  /** The node's own refusal at the door: too much is under way. */
  static Problem overloaded() {
    return atTheDoor(ProblemType.NODE_OVERLOADED, Refusal.Reason.NODE_OVERLOADED);
  }

  /** The node's own refusal at the door: it does not serve now. */
  static Problem notReady(Health.Readiness readiness) {
    return switch (readiness) {
      case DRAINING -> atTheDoor(ProblemType.DRAINING, Refusal.Reason.DRAINING);
      case NO_QUORUM ->
          atTheDoor(
              ProblemType.NO_QUORUM,
              "The node does not see the majority of its cluster; nothing was done.");
      case STORE_LOST ->
          atTheDoor(ProblemType.NOT_READY, "The store does not answer; nothing was done.");
      case READY, STARTING ->
          atTheDoor(ProblemType.NOT_READY, "The node is starting; nothing was done.");
    };
  }

  /** The time of the request was over before it was sent to its key. */
  static Problem overtaken() {
    return atTheDoor(ProblemType.NODE_OVERLOADED, Refusal.Reason.NOT_BEGUN);
  }

  private static Problem atTheDoor(ProblemType type, Refusal.Reason reason) {
    return atTheDoor(type, detail(reason));
  }

  private static Problem atTheDoor(ProblemType type, String detail) {
    return Problem.of(type, detail).with(jittered(RETRY_STANDARD));
  }

  /** From the wait to twice the wait, so that refused clients do not come back together. */
  private static Duration jittered(Duration wait) {
    long millis = Math.max(1, wait.toMillis());
    return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis + 1));
  }
}
