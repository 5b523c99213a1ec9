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

  static BenchContracts from(Config config) {
    Config contract = config.getConfig("mayfly.contract.default");
    return new BenchContracts(
        with(contract, Durability.JOURNALED), with(contract, Durability.VOLATILE));
  }

  private static Contract with(Config contract, Durability durability) {
    Config lifetime = contract.getConfig("lifetime");
    return new Contract(
        new Lifetime(
            lifetime.getDuration("default"),
            lifetime.getDuration("min"),
            lifetime.getDuration("max"),
            Renewal.RENEWABLE,
            lifetime.getDuration("total"),
            lifetime.getDuration("tombstone")),
        durability,
        new History(contract.getInt("history.revisions")),
        new Limits(contract.getInt("limits.valueBytes")));
  }

  @Override
  public Contract of(String namespace) {
    return namespace.equals(VOLATILE) ? inMemory : journaled;
  }
}
