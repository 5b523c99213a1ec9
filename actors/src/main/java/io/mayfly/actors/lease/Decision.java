package io.mayfly.actors.lease;

import io.mayfly.protocol.lease.LeaseReply;
import java.util.List;
import java.util.Optional;

/**
 * What was decided: the events to persist, and, once they are, the replies and who waits on.
 *
 * @param reply the answer to the command; empty when it waits in the queue
 * @param answers the answers to those who waited before
 */
public record Decision(
    List<LeaseEvent> events, Optional<LeaseReply> reply, List<Answer> answers, Queue queue) {

  /** The answer to an acquire that waited, which its nonce names. */
  record Answer(String nonce, LeaseReply reply) {}
}
