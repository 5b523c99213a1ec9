package io.mayfly.protocol.contract;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The port to the documents of all contracts. Every stage completes, and never exceptionally: what
 * has no answer in time is {@link ContractRefusal.Reason#OUTCOME_UNKNOWN}. The stages are plain
 * ones: what is chained on them without an executor runs on the thread that completes them, or on
 * the caller's own.
 */
public interface ContractRegistry {
  /** What a document that leaves something out means. */
  Contract standard();

  /**
   * Stores a document under the next version. When it is answered, the document is in force on this
   * node; on every other one it is within a second.
   *
   * @param document its own version counts for nothing
   */
  CompletionStage<ContractReply> put(
      ContractDocument document, ContractTerms terms, Duration timeout);

  /**
   * Withdraws the document of a namespace, which lives under the default contract from then on.
   * Live entries stand against it; under force each is ended first.
   */
  CompletionStage<ContractReply> delete(String namespace, ContractTerms terms, Duration timeout);

  /** Reads the document of a namespace as the last answered change left it. */
  CompletionStage<ContractReply> get(String namespace, Duration timeout);

  /** Reads all documents as the last answered change left them. */
  CompletionStage<ContractReply> list(Duration timeout);
}
