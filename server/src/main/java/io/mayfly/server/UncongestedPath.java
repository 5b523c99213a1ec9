package io.mayfly.server;

import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.Leases;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * The ways to keys, closed for changes by clients while too many writes wait: a write that finds no
 * place would cost its key a recovery, a refusal costs nothing.
 */
final class UncongestedPath {
  private static final Duration RETRY = Duration.ofMillis(500);

  private UncongestedPath() {}

  static Entries toEntries(Entries entries, BooleanSupplier congested) {
    return (id, command, timeout) ->
        command instanceof EntryCommand.Mutating && congested.getAsBoolean()
            ? CompletableFuture.completedFuture(
                Refusal.later(Refusal.Reason.NODE_OVERLOADED, RETRY))
            : entries.send(id, command, timeout);
  }

  static Leases toLeases(Leases leases, BooleanSupplier congested) {
    return (id, command, timeout) ->
        command.ofAClient() && congested.getAsBoolean()
            ? CompletableFuture.completedFuture(
                LeaseRefusal.later(LeaseRefusal.Reason.NODE_OVERLOADED, RETRY))
            : leases.send(id, command, timeout);
  }
}
