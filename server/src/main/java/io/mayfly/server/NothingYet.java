package io.mayfly.server;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractRefusal;
import io.mayfly.protocol.contract.ContractRegistry;
import io.mayfly.protocol.contract.ContractReply;
import io.mayfly.protocol.contract.ContractTerms;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What stands behind the gateway until there is a keyspace. The gateway lets no request through to
 * it: it only has to be there.
 *
 * @param standard the contract of a namespace without one
 */
record NothingYet(Contract standard) implements Ledger, ContractRegistry {
  private static final ContractReply REFUSED =
      ContractRefusal.of(ContractRefusal.Reason.OUTCOME_UNKNOWN);

  @Override
  public CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletionStage<List<LedgerRow>> list(ListQuery query) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletionStage<Map<String, Long>> counts() {
    return CompletableFuture.completedFuture(Map.of());
  }

  @Override
  public long highestPurgedIncarnation() {
    return 0;
  }

  @Override
  public CompletionStage<ContractReply> put(
      ContractDocument document, ContractTerms terms, Duration timeout) {
    return CompletableFuture.completedFuture(REFUSED);
  }

  @Override
  public CompletionStage<ContractReply> delete(
      String namespace, ContractTerms terms, Duration timeout) {
    return CompletableFuture.completedFuture(REFUSED);
  }

  @Override
  public CompletionStage<ContractReply> get(String namespace, Duration timeout) {
    return CompletableFuture.completedFuture(REFUSED);
  }

  @Override
  public CompletionStage<ContractReply> list(Duration timeout) {
    return CompletableFuture.completedFuture(REFUSED);
  }
}
