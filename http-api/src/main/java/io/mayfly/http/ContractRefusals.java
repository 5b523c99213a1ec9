package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.contract.ContractRefusal;
import io.mayfly.protocol.contract.ContractRefusal.Reason;
import io.mayfly.protocol.entry.Violation;
import java.util.List;

/** The total table from the registry's refusals to problems. */
final class ContractRefusals {
  private ContractRefusals() {}

  /** The type of each reason. A reason without one does not compile. */
  static ProblemType type(Reason reason) {
    return switch (reason) {
      case UNKNOWN_CONTRACT -> ProblemType.UNKNOWN_CONTRACT;
      case PRECONDITION_FAILED -> ProblemType.PRECONDITION_FAILED;
      case INVALID -> ProblemType.CONTRACT_INVALID;
      case INCOMPATIBLE -> ProblemType.INCOMPATIBLE_CONTRACT;
      case TOO_MANY_CONTRACTS -> ProblemType.TOO_MANY_CONTRACTS;
      case CONTENDED -> ProblemType.CONTRACT_CONTENDED;
      case OUTCOME_UNKNOWN -> ProblemType.OUTCOME_UNKNOWN;
    };
  }

  private static String detail(Reason reason) {
    return switch (reason) {
      case UNKNOWN_CONTRACT ->
          "The namespace has no contract of its own; the default contract applies.";
      case PRECONDITION_FAILED -> "The contract's version is not the one that the request names.";
      case INVALID -> "The document is no contract; see errors.";
      case INCOMPATIBLE ->
          "Live entries stand against the change; see errors. force=true overrules them.";
      case TOO_MANY_CONTRACTS -> "The cluster keeps no more contracts.";
      case CONTENDED -> "The contract changes too often to be compared with live entries.";
      case OUTCOME_UNKNOWN ->
          "No answer came in time; the change may or may not have been carried out.";
    };
  }

  static Problem problem(String namespace, ContractRefusal refusal) {
    Problem problem =
        Problem.of(type(refusal.reason()), detail(refusal.reason()))
            .with("namespace", namespace)
            .with(refusal.violations());
    return refusal.version() == 0 ? problem : problem.with("etag", etag(refusal.version()));
  }

  /** The problem of a document that breaks the rules of documents. */
  static Problem invalid(String namespace, List<Violation> violations) {
    return problem(namespace, new ContractRefusal(Reason.INVALID, 0, violations));
  }

  static String etag(long version) {
    return "\"" + version + '"';
  }
}
