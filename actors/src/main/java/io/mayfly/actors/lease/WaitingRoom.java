package io.mayfly.actors.lease;

import io.mayfly.protocol.lease.LeaseCommand.Acquire;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseRefusal.Reason;
import io.mayfly.protocol.lease.LeaseReply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The queue of one resource, with the addresses of those who wait in it. */
final class WaitingRoom {
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Map<String, LeaseRequest> waiting = new HashMap<>();
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
      waiting.put(acquire.nonce(), request);
    }
  }

  /**
   * Tells those whose turn came, or whose patience is over; to be called after the write.
   *
   * @param served takes the requests of those whose turn came
   */
  void answer(Decision decision, Consumer<LeaseRequest> served) {
    for (Decision.Answer answer : decision.answers()) {
      LeaseRequest request = waiting.remove(answer.nonce());
      if (request != null) {
        if (answer.reply() instanceof LeaseReply.Granted) {
          served.accept(request);
        }
        request.replyTo().tell(answer.reply());
      }
    }
  }

  /**
   * Sends everybody away: the actor stops or begins anew. Who left the queue with a write whose
   * outcome is unknown is not told anything.
   */
  void close() {
    LeaseReply draining = LeaseRefusal.later(Reason.DRAINING, RETRY);
    for (Waiter waiter : queue.waiters()) {
      LeaseRequest request = waiting.remove(waiter.acquire().nonce());
      if (request != null) {
        request.replyTo().tell(draining);
      }
    }
    waiting.clear();
    queue = Queue.EMPTY;
  }
}
