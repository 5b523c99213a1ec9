package io.mayfly.sharding;

import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * The port to entries over the shard regions.
 *
 * <p>Replies complete on the thread of the answering actor. One task of the node ends the waits
 * whose time is over, so that a request needs no timer.
 */
final class ShardedEntries implements Entries {
  private static final Duration EXPIRY_INTERVAL = Duration.ofMillis(20);

  private final Contracts contracts;
  private final ActorRef<EntryRequest> journaled;
  private final ActorRef<EntryRequest> inMemory;
  private final ExtendedActorSystem system;
  private final Map<Long, PendingReply> pending = new ConcurrentHashMap<>();
  private final Underway underway = new Underway();
  private final AtomicLong sent = new AtomicLong();

  ShardedEntries(
      ActorSystem<?> system,
      Contracts contracts,
      ActorRef<EntryRequest> journaled,
      ActorRef<EntryRequest> inMemory) {
    this.contracts = contracts;
    this.journaled = journaled;
    this.inMemory = inMemory;
    this.system = (ExtendedActorSystem) Adapter.toClassic(system);
    var unused =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                EXPIRY_INTERVAL, EXPIRY_INTERVAL, this::expire, system.executionContext());
  }

  @Override
  public CompletionStage<EntryReply> send(EntryId id, EntryCommand command, Duration timeout) {
    return send(id, command, timeout, command.ofAClient());
  }

  /** The same way for what the house itself asks: no limit of a contract counts it. */
  Entries ofTheHouse() {
    return (id, command, timeout) -> send(id, command, timeout, false);
  }

  private CompletionStage<EntryReply> send(
      EntryId id, EntryCommand command, Duration timeout, boolean counted) {
    Contract contract = contracts.of(id.namespace());
    if (counted) {
      Refusal refusal = underway.join(id, command, contract, System.nanoTime());
      if (refusal != null) {
        return CompletableFuture.completedFuture(refusal);
      }
    }
    Long number = sent.incrementAndGet();
    PendingReply reply =
        new PendingReply(
            system.provider(),
            system.eventStream(),
            System.nanoTime() + timeout.toNanos(),
            () -> {
              pending.remove(number);
              if (counted) {
                underway.leave(id, command);
              }
            });
    pending.put(number, reply);
    region(contract, command).tell(new EntryRequest(id, command, Adapter.toTyped(reply)));
    return reply.reply();
  }

  /**
   * Only what is stored falls due in the ledger, so a settlement goes there also when the contract
   * now keeps its entries in memory: what an earlier contract left behind ends and is purged.
   */
  private ActorRef<EntryRequest> region(Contract contract, EntryCommand command) {
    return contract.durability() == Durability.VOLATILE && !(command instanceof EntryCommand.Settle)
        ? inMemory
        : journaled;
  }

  private void expire() {
    long now = System.nanoTime();
    for (PendingReply reply : pending.values()) {
      if (reply.overdue(now)) {
        reply.complete(Refusal.of(Reason.OUTCOME_UNKNOWN));
      }
    }
  }
}
