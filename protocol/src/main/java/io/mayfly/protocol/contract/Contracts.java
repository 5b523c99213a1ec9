package io.mayfly.protocol.contract;

import java.util.function.Function;

/** The contracts in force. Both methods are asked for every request, and never block. */
public interface Contracts {

  /** The contract of the namespace, or the default one. */
  Contract of(String namespace);

  /** What the contract's schema asks of values. */
  ValueRule ruleOf(Contract contract);

  /** Contracts by a function, for those that have no schema. */
  static Contracts of(Function<String, Contract> contracts) {
    return new Contracts() {
      @Override
      public Contract of(String namespace) {
        return contracts.apply(namespace);
      }

      @Override
      public ValueRule ruleOf(Contract contract) {
        return ValueRule.NONE;
      }
    };
  }
}
