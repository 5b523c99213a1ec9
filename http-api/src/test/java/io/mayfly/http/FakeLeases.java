package io.mayfly.http;

import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.Leases;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes commands and answers none by itself: tests complete what was sent. */
final class FakeLeases implements Leases {
  final Queue<Sent> sent = new ConcurrentLinkedQueue<>();

  /** One command, and its answer to be. */
  record Sent(
      LeaseId id, LeaseCommand command, Duration timeout, CompletableFuture<LeaseReply> reply) {}

  @Override
  public CompletionStage<LeaseReply> send(LeaseId id, LeaseCommand command, Duration timeout) {
    CompletableFuture<LeaseReply> reply = new CompletableFuture<>();
    sent.add(new Sent(id, command, timeout, reply));
    return reply;
  }
}
