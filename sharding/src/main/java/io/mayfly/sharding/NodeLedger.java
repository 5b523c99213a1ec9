package io.mayfly.sharding;

import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The one ledger that others see: a namespace is listed where its contract keeps its entries. */
final class NodeLedger implements Ledger {
  private final Ledger stored;
  private final Ledger inMemory;
  private final Contracts contracts;

  NodeLedger(Ledger stored, Ledger inMemory, Contracts contracts) {
    this.stored = stored;
    this.inMemory = inMemory;
    this.contracts = contracts;
  }

  @Override
  public CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit) {
    return stored.due(slice, after, until, limit);
  }

  @Override
  public CompletionStage<List<LedgerRow>> list(ListQuery query) {
    boolean volatileRows = contracts.of(query.namespace()).durability() == Durability.VOLATILE;
    return (volatileRows ? inMemory : stored).list(query);
  }

  @Override
  public CompletionStage<Map<String, Long>> counts() {
    return stored
        .counts()
        .thenCombine(
            inMemory.counts(),
            (first, second) -> {
              Map<String, Long> sum = new HashMap<>(first);
              second.forEach((namespace, count) -> sum.merge(namespace, count, Long::sum));
              return sum;
            });
  }

  @Override
  public long highestPurgedIncarnation() {
    return Math.max(stored.highestPurgedIncarnation(), inMemory.highestPurgedIncarnation());
  }
}
