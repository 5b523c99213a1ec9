package io.mayfly.sharding;

import io.mayfly.actors.contract.Compatibility;
import io.mayfly.actors.contract.ContractAnswer;
import io.mayfly.actors.contract.ContractAnswer.CheckNeeded;
import io.mayfly.actors.contract.ContractAnswer.Decided;
import io.mayfly.actors.contract.ContractCommand;
import io.mayfly.actors.contract.ContractCommand.Change;
import io.mayfly.actors.contract.ContractCommand.Put;
import io.mayfly.actors.contract.ContractCommand.Withdraw;
import io.mayfly.actors.contract.ContractRequest;
import io.mayfly.actors.schema.Schemas;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractRefusal;
import io.mayfly.protocol.contract.ContractRefusal.Reason;
import io.mayfly.protocol.contract.ContractRegistry;
import io.mayfly.protocol.contract.ContractReply;
import io.mayfly.protocol.contract.ContractTerms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port to the registry: sends a change, looks at live entries when the registry asks for it,
 * and answers when this node's copy has the change.
 */
final class ShardedContracts implements ContractRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(ShardedContracts.class);

  /** How often a change is sent again because another one came between. */
  private static final int ATTEMPTS_MAX = 8;

  private final ActorSystem<?> system;
  private final ReplicatedContracts contracts;
  private final LiveEntries entries;

  ShardedContracts(ActorSystem<?> system, ReplicatedContracts contracts, LiveEntries entries) {
    this.system = system;
    this.contracts = contracts;
    this.entries = entries;
  }

  @Override
  public Contract standard() {
    return contracts.standard();
  }

  @Override
  public CompletionStage<ContractReply> put(
      ContractDocument document, ContractTerms terms, Duration timeout) {
    Value schema = document.contract().schema();
    List<Violation> problems = schema == null ? List.of() : Schemas.problems(schema);
    if (!problems.isEmpty()) {
      return CompletableFuture.completedFuture(new ContractRefusal(Reason.INVALID, 0, problems));
    }
    return changed(new Put(document, terms, ContractCommand.UNCHECKED), timeout);
  }

  @Override
  public CompletionStage<ContractReply> delete(
      String namespace, ContractTerms terms, Duration timeout) {
    return changed(new Withdraw(namespace, terms, ContractCommand.UNCHECKED), timeout);
  }

  @Override
  public CompletionStage<ContractReply> get(String namespace, Duration timeout) {
    return answered(
        timeout,
        () ->
            contracts
                .synced()
                .thenApplyAsync(
                    synced -> {
                      ContractDocument document = contracts.inForce().document(namespace);
                      return document == null
                          ? ContractRefusal.of(Reason.UNKNOWN_CONTRACT)
                          : new ContractReply.Found(document);
                    },
                    system.executionContext()));
  }

  @Override
  public CompletionStage<ContractReply> list(Duration timeout) {
    return answered(
        timeout,
        () ->
            contracts
                .synced()
                .thenApplyAsync(
                    synced -> new ContractReply.Listed(contracts.inForce().documents()),
                    system.executionContext()));
  }

  private CompletionStage<ContractReply> changed(Change change, Duration timeout) {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    return answered(timeout, () -> attempt(change, deadlineNanos, ATTEMPTS_MAX));
  }

  /** What has no answer in time, or fails, may or may not have happened. */
  private CompletionStage<ContractReply> answered(
      Duration timeout, Supplier<CompletableFuture<ContractReply>> work) {
    CompletableFuture<ContractReply> answer =
        work.get()
            .exceptionally(
                failure -> {
                  LOG.warn("a contract's change is not known to be done: {}", failure.toString());
                  return ContractRefusal.of(Reason.OUTCOME_UNKNOWN);
                });
    Cancellable late =
        system
            .scheduler()
            .scheduleOnce(
                timeout,
                () -> answer.complete(ContractRefusal.of(Reason.OUTCOME_UNKNOWN)),
                system.executionContext());
    var unused = answer.whenComplete((reply, never) -> late.cancel());
    return answer;
  }

  private CompletableFuture<ContractReply> attempt(
      Change change, long deadlineNanos, int attempts) {
    if (System.nanoTime() - deadlineNanos >= 0) {
      return CompletableFuture.failedFuture(new LiveEntries.Unfinished("no time is left"));
    }
    return asked(change, deadlineNanos)
        .thenCompose(
            answer -> {
              if (answer instanceof CheckNeeded needed) {
                return attempts == 0
                    ? CompletableFuture.completedFuture(
                        ContractRefusal.of(Reason.CONTENDED, needed.version()))
                    : checked(change, needed, deadlineNanos, attempts);
              }
              return settled(((Decided) answer));
            });
  }

  /** Here, the change is in force before it is answered. */
  private CompletableFuture<ContractReply> settled(Decided decided) {
    return decided.number() == 0
        ? CompletableFuture.completedFuture(decided.reply())
        : contracts.synced().thenApply(synced -> decided.reply());
  }

  private CompletableFuture<ContractReply> checked(
      Change change, CheckNeeded needed, long deadlineNanos, int attempts) {
    return contracts
        .synced()
        .thenCompose(synced -> obstacles(change, needed, deadlineNanos))
        .thenCompose(
            obstacles ->
                obstacles.isEmpty()
                    ? attempt(change.checked(needed.mark()), deadlineNanos, attempts - 1)
                    : CompletableFuture.completedFuture(
                        new ContractRefusal(Reason.INCOMPATIBLE, needed.version(), obstacles)));
  }

  /** What stands against the change; nothing, after force has removed it. */
  private CompletableFuture<List<Violation>> obstacles(
      Change change, CheckNeeded needed, long deadlineNanos) {
    if (change.terms().force()) {
      return entries
          .endAll(change.namespace(), change.terms().origin(), deadlineNanos)
          .thenApply(done -> List.of());
    }
    if (change instanceof Put put) {
      Contract after = put.document().contract();
      return entries.against(
          put.namespace(),
          Compatibility.between(needed.current(), after),
          after,
          InForce.ruleOf(after),
          deadlineNanos);
    }
    return entries.any(
        change.namespace(), needed.current().privacy().confidential(), deadlineNanos);
  }

  /** The stage of an ask runs what follows on a foreign pool unless it is told otherwise. */
  private CompletableFuture<ContractAnswer> asked(ContractCommand command, long deadlineNanos) {
    Duration patience = Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime()));
    CompletableFuture<ContractAnswer> result = new CompletableFuture<>();
    var unused =
        AskPattern.<ContractRequest, ContractAnswer>ask(
                contracts.changes(),
                replyTo -> new ContractRequest(command, replyTo),
                patience,
                system.scheduler())
            .whenCompleteAsync(
                (answer, failure) -> {
                  if (failure == null) {
                    result.complete(answer);
                  } else {
                    result.completeExceptionally(failure);
                  }
                },
                Runnable::run);
    return result;
  }
}
