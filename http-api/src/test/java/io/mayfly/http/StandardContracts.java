package io.mayfly.http;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.ValueRule;

/** Every namespace lives under the built-in contract. */
final class StandardContracts implements Contracts {
  @Override
  public Contract of(String namespace) {
    return Contract.STANDARD;
  }

  @Override
  public ValueRule ruleOf(Contract contract) {
    return ValueRule.NONE;
  }
}
