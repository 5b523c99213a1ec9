package io.mayfly.protocol.contract;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.Origin;

/**
 * What every change of a contract carries besides the document.
 *
 * @param force whether live entries that stand against the change are overruled
 */
public record ContractTerms(ContractPrecondition precondition, boolean force, Origin origin)
    implements WireMessage {
  /** No condition, no force, nobody known. */
  public static final ContractTerms NONE =
      new ContractTerms(ContractPrecondition.NONE, false, Origin.UNKNOWN);
}
