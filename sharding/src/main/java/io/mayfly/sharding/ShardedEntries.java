package io.mayfly.sharding;

import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
import io.mayfly.actors.entry.Residents;
import io.mayfly.actors.entry.Residents.Resident;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.telemetry.Telemetry;
import io.mayfly.sharding.peer.Forwarding;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;

/** The port to entries over the shard regions. */
final class ShardedEntries implements Entries {
  private final Contracts contracts;
  private final Host journaled;
  private final Host inMemory;
  private final Underway underway;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Telemetry telemetry;
  private final Duration lingering;
  private final Forwarding forwarding;
  private final Replies<EntryReply> replies;

  /**
   * What the ports of a node have in common.
   *
   * @param nanos a clock that only measures
   * @param lingering how long after its caller gave up a request without an answer still counts
   */
  record Node(InstantSource clock, LongSupplier nanos, Telemetry telemetry, Duration lingering) {}

  /**
   * Where the entries of one kind live.
   *
   * @param region the way to all of them
   * @param residents those of this node that are in memory
   * @param homes the nodes of the others
   * @param waited takes how many nanoseconds a request waited to be begun
   */
  record Host(
      ActorRef<EntryRequest> region, Residents residents, Homes homes, LongConsumer waited) {}

  ShardedEntries(
      ActorSystem<?> system,
      Contracts contracts,
      Underway underway,
      Forwarding forwarding,
      Node node,
      Host journaled,
      Host inMemory) {
    this.contracts = contracts;
    this.journaled = journaled;
    this.inMemory = inMemory;
    this.underway = underway;
    this.forwarding = forwarding;
    this.clock = node.clock();
    this.nanos = node.nanos();
    this.telemetry = node.telemetry();
    this.lingering = node.lingering();
    this.replies =
        new Replies<>(
            system,
            node.nanos(),
            EntryReply.class,
            Refusal.of(Reason.OUTCOME_UNKNOWN),
            Refusal.of(Reason.NOT_BEGUN));
    forwarding.serve(this::serve);
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
    Host host = host(contract, command);
    Resident resident = host.residents().find(id);
    if (resident != null && command instanceof EntryCommand.Looking look) {
      EntryReply reply = seen(id, resident, look, contract, host, counted);
      if (reply != null) {
        return CompletableFuture.completedFuture(reply);
      }
    }
    if (counted) {
      Refusal refusal = underway.join(id, command, contract, nanos.getAsLong());
      if (refusal != null) {
        telemetry.refused(id.namespace(), refusal.reason());
        return CompletableFuture.completedFuture(refusal);
      }
    }
    PendingReply<EntryReply> reply =
        replies.await(
            timeout,
            counted ? lingering : Duration.ZERO,
            host.waited(),
            () -> {
              if (counted) {
                underway.leave(id, command);
              }
            });
    String trace =
        Hop.begin(telemetry.tracing(), contracts, id.namespace(), id.key(), reply.reply());
    long nowMillis = clock.millis();
    EntryRequest request =
        new EntryRequest(
            id, command, Adapter.toTyped(reply), nowMillis, nowMillis + timeout.toMillis(), trace);
    if ((resident == null || !resident.send(request)) && !forward(host, request, reply)) {
      host.region().tell(request);
    }
    return reply.reply();
  }

  /**
   * Sends a request to the node that has its key, if that is known to be another. Otherwise the
   * region finds it, and the reply tells which it was.
   */
  private boolean forward(Host host, EntryRequest request, PendingReply<EntryReply> reply) {
    if (forwarding == Forwarding.NONE) {
      return false;
    }
    Address home = host.homes().of(request.id());
    if (home != null) {
      reply.forwarded(true);
      ForwardedRequest forwarded =
          new ForwardedRequest(
              reply.number(),
              request.id(),
              request.command(),
              request.sinceMillis(),
              request.untilMillis(),
              request.trace());
      if (forwarding.forward(home, forwarded, new Forwarded(host, request, reply, home))) {
        return true;
      }
      reply.forwarded(false);
    }
    var unused =
        reply.reply().thenRun(() -> host.homes().learn(request.id(), reply.answeredFrom()));
    return false;
  }

  /** A request that another node was asked to carry out. */
  private record Forwarded(
      Host host, EntryRequest request, PendingReply<EntryReply> reply, Address home)
      implements Forwarding.Waiting {
    @Override
    public void answered(ForwardedReply answer) {
      if (answer.elsewhere()) {
        host.homes().forget(request.id(), home);
      }
      if (answer.reply() == null) {
        notSent();
      } else {
        reply.$bang(answer.reply(), null);
      }
    }

    @Override
    public void notSent() {
      host.region().tell(request);
    }

    @Override
    public CompletionStage<?> over() {
      return reply.reply();
    }

    /** What only looks may look twice. */
    @Override
    public void lost() {
      if (request.command() instanceof EntryCommand.Looking) {
        notSent();
      } else {
        reply.$bang(Refusal.of(Reason.OUTCOME_UNKNOWN), null);
      }
    }
  }

  /** Carries out what another node forwards to this one, which counted it in. */
  private void serve(ForwardedRequest forwarded, Consumer<ForwardedReply> answer) {
    EntryId id = forwarded.id();
    EntryCommand command = forwarded.command();
    Host host = host(contracts.of(id.namespace()), command);
    Resident resident = host.residents().find(id);
    if (resident != null
        && forwarded.trace() == null
        && command instanceof EntryCommand.Looking look) {
      EntryReply seen = host.residents().look(id, resident, look);
      if (seen != null) {
        answer.accept(new ForwardedReply(forwarded.number(), /* elsewhere= */ false, seen));
        return;
      }
    }
    long leftMillis = Math.max(0, forwarded.untilMillis() - clock.millis());
    PendingReply<EntryReply> reply =
        replies.await(Duration.ofMillis(leftMillis), Duration.ZERO, host.waited(), () -> {});
    EntryRequest request =
        new EntryRequest(
            id,
            command,
            Adapter.toTyped(reply),
            forwarded.sinceMillis(),
            forwarded.untilMillis(),
            forwarded.trace());
    if (resident == null || !resident.send(request)) {
      host.region().tell(request);
    }
    var unused =
        reply
            .reply()
            .thenAccept(
                outcome ->
                    answer.accept(
                        new ForwardedReply(
                            forwarded.number(), reply.answeredFrom() != null, outcome)));
  }

  /**
   * What a look sees at once; absent when it must go to the actor. One that is followed goes there,
   * so that its trace shows the way, and so does one whose namespace has a rate: its turn is
   * counted on that way.
   */
  private @Nullable EntryReply seen(
      EntryId id,
      Resident resident,
      EntryCommand.Looking command,
      Contract contract,
      Host host,
      boolean counted) {
    boolean rated = counted && contract.limits().ratePerSecond() > 0;
    return rated || telemetry.tracing().current() != null
        ? null
        : host.residents().look(id, resident, command);
  }

  /**
   * Sends a request on that came to an actor after it had stopped, so that it was not begun.
   *
   * @return whether there is a way on
   */
  boolean again(EntryRequest request, org.apache.pekko.actor.ActorRef stopped) {
    ActorRef<EntryRequest> region =
        host(contracts.of(request.id().namespace()), request.command()).region();
    if (stopped.equals(Adapter.toClassic(region))) {
      return false;
    }
    region.tell(request);
    return true;
  }

  /**
   * Only what is stored falls due in the ledger, so a settlement goes there also when the contract
   * now keeps its entries in memory: what an earlier contract left behind ends and is purged.
   */
  private Host host(Contract contract, EntryCommand command) {
    return contract.durability() == Durability.VOLATILE && !(command instanceof EntryCommand.Settle)
        ? inMemory
        : journaled;
  }
}
