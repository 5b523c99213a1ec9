package io.mayfly.benchmarks.inprocess;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;

/** Two namespaces under the built-in contract, one journaled and one volatile. */
final class BenchContracts {
  /** The namespace whose entries are journaled. */
  static final String JOURNALED = "bench";

  /** The namespace whose entries are in memory. */
  static final String VOLATILE = "bench-volatile";

  private static final Contract IN_MEMORY = Contract.STANDARD.with(Durability.VOLATILE);

  private BenchContracts() {}

  static Contracts contracts() {
    return Contracts.of(namespace -> namespace.equals(VOLATILE) ? IN_MEMORY : Contract.STANDARD);
  }
}
