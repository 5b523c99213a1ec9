package io.mayfly.actors.lease;

import io.mayfly.protocol.lease.LeaseCommand.Acquire;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseRefusal.Reason;
import io.mayfly.protocol.lease.LeaseReply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** The queue of one resource, with the addresses of those who wait in it. */
final class WaitingRoom {
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Map<String, ActorRef<LeaseReply>> addresses = new HashMap<>();
  private Queue queue = Queue.EMPTY;

  Queue queue() {
    return queue;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Takes the queue over as it was decided, with a place for who waits from now on. */
  void seat(LeaseRequest request, Decision decision) {
    queue = decision.queue();
    if (decision.reply().isEmpty() && request.command() instanceof Acquire acquire) {
      addresses.put(acquire.nonce(), request.replyTo());
    }
  }

  /** Tells those whose turn came, or whose patience is over; to be called after the write. */
  void answer(Decision decision) {
    for (Decision.Answer answer : decision.answers()) {
      tell(answer.nonce(), answer.reply());
    }
  }

  /**
   * Sends everybody away: the actor stops or begins anew. Who left the queue with a write whose
   * outcome is unknown is not told anything.
   */
  void close() {
    LeaseReply draining = LeaseRefusal.later(Reason.DRAINING, RETRY);
    queue.waiters().forEach(waiter -> tell(waiter.acquire().nonce(), draining));
    addresses.clear();
    queue = Queue.EMPTY;
  }

  private void tell(String nonce, LeaseReply reply) {
    ActorRef<LeaseReply> address = addresses.remove(nonce);
    if (address != null) {
      address.tell(reply);
    }
  }
}
