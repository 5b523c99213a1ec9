package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseRefusal;

/** The total table from a resource's refusals to problems. */
final class LeaseRefusals {
  private LeaseRefusals() {}

  /** The type of each reason. A reason without one does not compile. */
  static ProblemType type(LeaseRefusal.Reason reason) {
    return switch (reason) {
      case UNKNOWN_LEASE -> ProblemType.UNKNOWN_LEASE;
      case LEASE_HELD -> ProblemType.LEASE_HELD;
      case LEASE_LOST -> ProblemType.LEASE_LOST;
      case CONTRACT_VIOLATION -> ProblemType.CONTRACT_VIOLATION;
      case WRITER_NOT_ALLOWED -> ProblemType.WRITER_NOT_ALLOWED;
      case IDEMPOTENCY_MISMATCH -> ProblemType.IDEMPOTENCY_MISMATCH;
      case IDEMPOTENCY_IN_PROGRESS -> ProblemType.IDEMPOTENCY_IN_PROGRESS;
      case RATE_EXCEEDED -> ProblemType.RATE_EXCEEDED;
      case KEY_OVERLOADED -> ProblemType.KEY_OVERLOADED;
      case NAMESPACE_OVERLOADED -> ProblemType.NAMESPACE_OVERLOADED;
      case NODE_OVERLOADED, MEMORY_LOW, NOT_BEGUN -> ProblemType.NODE_OVERLOADED;
      case DRAINING -> ProblemType.DRAINING;
      case OUTCOME_UNKNOWN, ANSWER_FORGOTTEN -> ProblemType.OUTCOME_UNKNOWN;
    };
  }

  private static String detail(LeaseRefusal.Reason reason) {
    return switch (reason) {
      case UNKNOWN_LEASE -> "Nothing is leased under this name.";
      case LEASE_HELD -> "Others hold the permits, let them rest, or wait for them.";
      case LEASE_LOST -> "The lease has ended, or never was.";
      case CONTRACT_VIOLATION -> "The request breaks a rule; see errors.";
      case WRITER_NOT_ALLOWED ->
          "Neither the caller nor the producer is among the contract's writers.";
      case IDEMPOTENCY_MISMATCH -> "Another request used this idempotency key.";
      case IDEMPOTENCY_IN_PROGRESS -> "The first request with this idempotency key is under way.";
      case RATE_EXCEEDED ->
          "The namespace takes no more requests in this second; nothing was done.";
      case KEY_OVERLOADED ->
          "The queue is full, or too many requests to this resource are under way; nothing was"
              + " done.";
      case NAMESPACE_OVERLOADED ->
          "Too many requests to this namespace are under way; nothing was done.";
      case NODE_OVERLOADED ->
          "The node, or its path to the resource, takes no more work now; nothing was done.";
      case MEMORY_LOW ->
          "The memory of the node is nearly full and takes nothing new; nothing was done.";
      case NOT_BEGUN -> "The time of the request was over before its turn came; nothing was done.";
      case DRAINING -> "The queue was given up, since its node stops or moves it.";
      case OUTCOME_UNKNOWN ->
          "No answer came in time; the command may or may not have been carried out.";
      case ANSWER_FORGOTTEN ->
          "This attempt came so late that another one may have been answered, and the answer"
              + " forgotten; this one did nothing.";
    };
  }

  /** The problem that a refusal is. */
  static Problem problem(LeaseId id, LeaseRefusal refusal) {
    Problem problem =
        Problem.of(type(refusal.reason()), detail(refusal.reason()))
            .with("namespace", id.namespace())
            .with("name", id.name())
            .with(refusal.violations());
    if (refusal.reason() == LeaseRefusal.Reason.LEASE_HELD) {
      problem = problem.with("holders", LeaseDocuments.members(refusal.holders()));
    }
    if (refusal.queue() != null) {
      problem = Refusals.queued(problem, refusal.queue());
    }
    return Refusals.waiting(problem, refusal.retryAfter());
  }
}
