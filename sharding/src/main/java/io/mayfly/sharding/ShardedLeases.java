package io.mayfly.sharding;

import io.mayfly.actors.lease.LeaseRequest;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseCommand.Acquire;
import io.mayfly.protocol.lease.LeaseCommand.Leave;
import io.mayfly.protocol.lease.LeaseCommand.Mutating;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseRefusal.Reason;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.Leases;
import io.mayfly.protocol.pressure.Fill;
import io.mayfly.protocol.telemetry.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;

/**
 * The port to resources over the shard region.
 *
 * <p>An acquire that waits is counted apart from what is under way: a full queue must not keep the
 * release out that would shorten it.
 */
final class ShardedLeases implements Leases {
  private static final Duration RETRY = Duration.ofMillis(200);

  private final ActorSystem<?> system;
  private final Contracts contracts;
  private final Underway underway;
  private final Bounds bounds;
  private final ActorRef<LeaseRequest> region;
  private final ShardedEntries.Node node;
  private final Replies<LeaseReply> replies;
  private final Map<LeaseId, Integer> waitingByName = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongConsumer waited;

  /**
   * How many acquires may wait through this node.
   *
   * @param byName for one resource
   * @param all for all of them
   */
  record Bounds(int byName, int all) {}

  ShardedLeases(
      ActorSystem<?> system,
      Contracts contracts,
      Underway underway,
      Bounds bounds,
      ShardedEntries.Node node,
      ActorRef<LeaseRequest> region) {
    this.system = system;
    this.contracts = contracts;
    this.underway = underway;
    this.bounds = bounds;
    this.region = region;
    this.node = node;
    this.waited = nanos -> node.telemetry().waited(Kind.LEASE, nanos);
    this.replies =
        new Replies<>(
            system,
            node.nanos(),
            LeaseReply.class,
            LeaseRefusal.of(Reason.OUTCOME_UNKNOWN),
            LeaseRefusal.of(Reason.NOT_BEGUN));
  }

  @Override
  public CompletionStage<LeaseReply> send(LeaseId id, LeaseCommand command, Duration timeout) {
    if (!command.ofAClient()) {
      return tell(id, command, timeout, Duration.ZERO, () -> {});
    }
    RetryKey retryKey = command instanceof Mutating mutation ? mutation.terms().retryKey() : null;
    LeaseRefusal refusal = join(id, retryKey);
    if (refusal != null) {
      return CompletableFuture.completedFuture(refusal);
    }
    if (!(command instanceof Acquire acquire)) {
      return sent(id, command, timeout, retryKey);
    }
    long sentNanos = node.nanos().getAsLong();
    CompletionStage<LeaseReply> reply =
        acquire.waits()
            ? await(id, acquire, timeout.plus(acquire.patience()))
            : sent(id, command, timeout, retryKey);
    return reply.whenComplete((answer, failure) -> granted(id, answer, sentNanos));
  }

  private void granted(LeaseId id, @Nullable LeaseReply answer, long sentNanos) {
    if (answer instanceof LeaseReply.Granted lease && !lease.replayed()) {
      node.telemetry().leaseGranted(id.namespace(), node.nanos().getAsLong() - sentNanos);
    }
  }

  private CompletionStage<LeaseReply> sent(
      LeaseId id, LeaseCommand command, Duration timeout, @Nullable RetryKey retryKey) {
    return tell(
        id,
        command,
        timeout,
        node.lingering(),
        () -> {
          underway.leave(id.namespace(), id);
          underway.finish(id, retryKey);
        });
  }

  /**
   * Sends an acquire that waits, and that had joined. When its answer does not come in time, its
   * place is given up.
   */
  private CompletionStage<LeaseReply> await(LeaseId id, Acquire acquire, Duration timeout) {
    RetryKey retryKey = acquire.terms().retryKey();
    underway.leave(id.namespace(), id);
    LeaseRefusal refusal = joinWaiting(id);
    if (refusal != null) {
      underway.finish(id, retryKey);
      return CompletableFuture.completedFuture(refusal);
    }
    node.telemetry().leasesWaiting(id.namespace(), 1);
    CompletionStage<LeaseReply> reply =
        tell(
            id,
            acquire,
            timeout,
            Duration.ZERO,
            () -> {
              waiting.decrementAndGet();
              node.telemetry().leasesWaiting(id.namespace(), -1);
              Underway.leave(waitingByName, id);
              underway.finish(id, retryKey);
            });
    return reply.whenComplete(
        (answer, failure) -> {
          if (answer instanceof LeaseRefusal unknown
              && unknown.reason() == Reason.OUTCOME_UNKNOWN) {
            region.tell(new LeaseRequest(id, new Leave(acquire.nonce()), system.ignoreRef()));
          }
        });
  }

  private CompletionStage<LeaseReply> tell(
      LeaseId id, LeaseCommand command, Duration timeout, Duration lingering, Runnable done) {
    PendingReply<LeaseReply> reply = replies.await(timeout, lingering, waited, done);
    long nowMillis = node.clock().millis();
    String trace =
        Hop.begin(node.telemetry().tracing(), contracts, id.namespace(), id.name(), reply.reply());
    region.tell(
        new LeaseRequest(
            id, command, Adapter.toTyped(reply), nowMillis, nowMillis + timeout.toMillis(), trace));
    return reply.reply();
  }

  private @Nullable LeaseRefusal join(LeaseId id, @Nullable RetryKey retryKey) {
    Refusal refusal = underway.begin(id, retryKey);
    if (refusal == null) {
      Limits limits = contracts.of(id.namespace()).limits();
      refusal = underway.join(id.namespace(), id, limits, node.nanos().getAsLong());
      if (refusal != null) {
        underway.finish(id, retryKey);
      }
    }
    if (refusal == null) {
      return null;
    }
    node.telemetry().refused(id.namespace(), refusal.reason());
    return told(refusal);
  }

  private @Nullable LeaseRefusal joinWaiting(LeaseId id) {
    if (waiting.incrementAndGet() > bounds.all()) {
      waiting.decrementAndGet();
      return full(Reason.NODE_OVERLOADED, bounds.all());
    }
    if (Underway.enter(waitingByName, id, bounds.byName()) == Underway.FULL) {
      waiting.decrementAndGet();
      return full(Reason.KEY_OVERLOADED, bounds.byName());
    }
    return null;
  }

  private static LeaseRefusal full(Reason reason, int limit) {
    return LeaseRefusal.full(reason, new Fill(limit, limit), RETRY);
  }

  /** The acquires that wait through this node. */
  Fill waiting() {
    return new Fill(waiting.get(), bounds.all());
  }

  private static LeaseRefusal told(Refusal refusal) {
    Reason reason =
        switch (refusal.reason()) {
          case IDEMPOTENCY_IN_PROGRESS -> Reason.IDEMPOTENCY_IN_PROGRESS;
          case IDEMPOTENCY_MISMATCH -> Reason.IDEMPOTENCY_MISMATCH;
          case RATE_EXCEEDED -> Reason.RATE_EXCEEDED;
          case NAMESPACE_OVERLOADED -> Reason.NAMESPACE_OVERLOADED;
          default -> Reason.KEY_OVERLOADED;
        };
    return new LeaseRefusal(reason, List.of(), List.of(), refusal.retryAfter(), refusal.queue());
  }
}
