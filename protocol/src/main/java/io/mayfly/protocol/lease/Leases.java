package io.mayfly.protocol.lease;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The port through which commands reach resources, wherever they live. */
public interface Leases {
  /**
   * Sends a command to the one actor of the resource.
   *
   * <p>The stage always completes, and never exceptionally: a command that finds no way is a {@link
   * LeaseRefusal} with the reason. One without an answer in time is {@link
   * LeaseRefusal.Reason#NOT_BEGUN} when it was not and will not be decided, and otherwise {@link
   * LeaseRefusal.Reason#OUTCOME_UNKNOWN}.
   *
   * <p>The stage is a plain one: what is chained on it without an executor runs on the thread that
   * completes it, or on the caller's own.
   *
   * @param timeout how long the caller waits; an acquire waits for its own patience besides
   */
  CompletionStage<LeaseReply> send(LeaseId id, LeaseCommand command, Duration timeout);
}
