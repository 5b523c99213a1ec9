package io.mayfly.protocol.contract;

import io.mayfly.protocol.entry.Violation;
import java.util.List;

/**
 * The registry did not do what it was asked. Nothing changed, except under {@link
 * Reason#OUTCOME_UNKNOWN}, where nobody can say.
 *
 * @param version the current version; 0 when the namespace has no contract, or it is not known
 * @param violations what stands against it
 */
public record ContractRefusal(Reason reason, long version, List<Violation> violations)
    implements ContractReply {

  /** The conditions under which the registry refuses. */
  public enum Reason {
    /** The namespace has no contract of its own. */
    UNKNOWN_CONTRACT,
    /** A condition of the request does not hold. */
    PRECONDITION_FAILED,
    /** The document breaks the rules of documents. */
    INVALID,
    /** Live entries stand against the change. */
    INCOMPATIBLE,
    /** The cluster keeps no more contracts. */
    TOO_MANY_CONTRACTS,
    /** The contract was changed again and again while live entries were looked at. */
    CONTENDED,
    /** The change may or may not have been carried out. */
    OUTCOME_UNKNOWN
  }

  /** A refusal that needs no data. */
  public static ContractRefusal of(Reason reason) {
    return new ContractRefusal(reason, 0, List.of());
  }

  /** A refusal about a contract in its current version. */
  public static ContractRefusal of(Reason reason, long version) {
    return new ContractRefusal(reason, version, List.of());
  }

  @Override
  public <R> R match(Cases<R> cases) {
    return cases.refused(this);
  }
}
