package io.mayfly.http;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractRefusal;
import io.mayfly.protocol.contract.ContractRefusal.Reason;
import io.mayfly.protocol.contract.ContractRegistry;
import io.mayfly.protocol.contract.ContractReply;
import io.mayfly.protocol.contract.ContractTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;

/** A registry in memory, without conditions and live entries. */
final class FakeContracts implements ContractRegistry {
  private final Map<String, ContractDocument> documents = new ConcurrentSkipListMap<>();

  @Override
  public Contract standard() {
    return Contract.STANDARD;
  }

  @Override
  public CompletionStage<ContractReply> put(
      ContractDocument document, ContractTerms terms, Duration timeout) {
    ContractDocument before = documents.get(document.namespace());
    ContractDocument next = document.withVersion(before == null ? 1 : before.version() + 1);
    documents.put(document.namespace(), next);
    return answer(new ContractReply.Stored(next, before == null));
  }

  @Override
  public CompletionStage<ContractReply> delete(
      String namespace, ContractTerms terms, Duration timeout) {
    ContractDocument before = documents.remove(namespace);
    return answer(
        before == null
            ? ContractRefusal.of(Reason.UNKNOWN_CONTRACT)
            : new ContractReply.Withdrawn(before.version()));
  }

  @Override
  public CompletionStage<ContractReply> get(String namespace, Duration timeout) {
    ContractDocument document = documents.get(namespace);
    return answer(
        document == null
            ? ContractRefusal.of(Reason.UNKNOWN_CONTRACT)
            : new ContractReply.Found(document));
  }

  @Override
  public CompletionStage<ContractReply> list(Duration timeout) {
    return answer(new ContractReply.Listed(List.copyOf(documents.values())));
  }

  private static CompletionStage<ContractReply> answer(ContractReply reply) {
    return CompletableFuture.completedFuture(reply);
  }
}
