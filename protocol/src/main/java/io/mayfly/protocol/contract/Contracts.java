package io.mayfly.protocol.contract;

/** The contracts in force. Both methods are asked for every request, and never block. */
public interface Contracts {

  /** The contract of the namespace, or the default one. */
  Contract of(String namespace);

  /** What the contract's schema asks of values. */
  ValueRule ruleOf(Contract contract);
}
