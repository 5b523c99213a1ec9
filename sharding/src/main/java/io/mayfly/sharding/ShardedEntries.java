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
import io.mayfly.protocol.telemetry.Kind;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** The port to entries over the shard regions. */
final class ShardedEntries implements Entries {
  private final Contracts contracts;
  private final ActorRef<EntryRequest> journaled;
  private final ActorRef<EntryRequest> inMemory;
  private final Underway underway;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Telemetry telemetry;
  private final Duration lingering;
  private final Replies<EntryReply> replies;
  private final LongConsumer waitedJournaled;
  private final LongConsumer waitedInMemory;

  /**
   * What the ports of a node have in common.
   *
   * @param nanos a clock that only measures
   * @param lingering how long after its caller gave up a request without an answer still counts
   */
  record Node(InstantSource clock, LongSupplier nanos, Telemetry telemetry, Duration lingering) {}

  ShardedEntries(
      ActorSystem<?> system,
      Contracts contracts,
      Underway underway,
      Node node,
      ActorRef<EntryRequest> journaled,
      ActorRef<EntryRequest> inMemory) {
    this.contracts = contracts;
    this.journaled = journaled;
    this.inMemory = inMemory;
    this.underway = underway;
    this.clock = node.clock();
    this.nanos = node.nanos();
    this.telemetry = node.telemetry();
    this.lingering = node.lingering();
    this.waitedJournaled = nanos -> telemetry.waited(Kind.ENTRY, nanos);
    this.waitedInMemory = nanos -> telemetry.waited(Kind.VOLATILE_ENTRY, nanos);
    this.replies =
        new Replies<>(
            system,
            node.nanos(),
            EntryReply.class,
            Refusal.of(Reason.OUTCOME_UNKNOWN),
            Refusal.of(Reason.NOT_BEGUN));
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
      Refusal refusal = underway.join(id, command, contract, nanos.getAsLong());
      if (refusal != null) {
        telemetry.refused(id.namespace(), refusal.reason());
        return CompletableFuture.completedFuture(refusal);
      }
    }
    ActorRef<EntryRequest> region = region(contract, command);
    PendingReply<EntryReply> reply =
        replies.await(
            timeout,
            counted ? lingering : Duration.ZERO,
            region == inMemory ? waitedInMemory : waitedJournaled,
            () -> {
              if (counted) {
                underway.leave(id, command);
              }
            });
    String trace =
        Hop.begin(telemetry.tracing(), contracts, id.namespace(), id.key(), reply.reply());
    region.tell(new EntryRequest(id, command, Adapter.toTyped(reply), until(timeout), trace));
    return reply.reply();
  }

  private long until(Duration timeout) {
    return clock.millis() + timeout.toMillis();
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
}
