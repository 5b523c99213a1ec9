package io.mayfly.benchmarks.inprocess;

import com.typesafe.config.Config;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.History;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Renewal;

/** Two namespaces under the configured contract, one journaled and one volatile. */
record BenchContracts(Contract journaled, Contract inMemory) implements Contracts {
  /** The namespace whose entries are journaled. */
  static final String JOURNALED = "bench";

  /** The namespace whose entries are in memory. */
  static final String VOLATILE = "bench-volatile";

  static BenchContracts standard() {
    return new BenchContracts(Contract.STANDARD, Contract.STANDARD.with(Durability.VOLATILE));
  }

  @Override
  public Contract of(String namespace) {
    return namespace.equals(VOLATILE) ? inMemory : journaled;
  }

  @Override
  public ValueRule ruleOf(Contract contract) {
    return ValueRule.NONE;
  }
}
