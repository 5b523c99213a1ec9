package io.mayfly.sharding;

import io.mayfly.actors.contract.Compatibility;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Violation;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a namespace that have not ended, looked at or ended batch by batch, while a change
 * of its contract waits. A walk that finds no end in time fails with {@link Unfinished}.
 */
final class LiveEntries {
  private final Entries entries;
  private final Ledger ledger;
  private final InstantSource clock;
  private final int batch;
  private final Executor executor;

  /** A walk did not come to its end: it ran out of time, or an entry could not be reached. */
  static final class Unfinished extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfinished(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * A way to live entries.
   *
   * @param batch how many are asked at a time
   * @param executor where entries are judged
   */
  LiveEntries(Entries entries, Ledger ledger, InstantSource clock, int batch, Executor executor) {
    this.executor = executor;
    this.entries = entries;
    this.ledger = ledger;
    this.clock = clock;
    this.batch = batch;
  }

  /** What stands against another contract, as far as {@link Offenders#ENOUGH} entries tell it. */
  CompletableFuture<List<Violation>> against(
      String namespace,
      Compatibility compatibility,
      Contract after,
      ValueRule rule,
      long deadlineNanos) {
    Offenders offenders = new Offenders(compatibility, after, rule);
    return walk(
            namespace,
            deadlineNanos,
            rows -> {
              rows.forEach(offenders::takeRow);
              return compatibility.readsValues()
                  ? peek(rows, deadlineNanos, offenders)
                  : CompletableFuture.completedFuture(null);
            },
            offenders::enough)
        .thenApply(done -> offenders.violations());
  }

  /** Whether there is any; told as what stands against a withdrawal. */
  CompletableFuture<List<Violation>> any(String namespace, boolean confidential, long deadline) {
    Offenders offenders = Offenders.ofAny(confidential);
    return walk(
            namespace,
            deadline,
            rows -> {
              rows.forEach(offenders::takeRow);
              return CompletableFuture.completedFuture(null);
            },
            offenders::enough)
        .thenApply(done -> offenders.violations());
  }

  /** Ends each with reason {@code superseded}. */
  CompletableFuture<Void> endAll(String namespace, Origin origin, long deadlineNanos) {
    EntryCommand end = new EntryCommand.End(EndReason.SUPERSEDED, origin);
    return walk(
        namespace,
        deadlineNanos,
        rows -> asked(rows, end, deadlineNanos).thenAccept(LiveEntries::requireEnded),
        () -> false);
  }

  private CompletableFuture<Void> peek(
      List<LedgerRow> rows, long deadlineNanos, Offenders offenders) {
    return asked(rows, EntryCommand.Read.PEEK, deadlineNanos)
        .thenAccept(
            replies -> {
              for (int i = 0; i < replies.size(); i++) {
                take(rows.get(i), replies.get(i), offenders);
              }
            });
  }

  private static void take(LedgerRow row, EntryReply reply, Offenders offenders) {
    if (reply instanceof EntryReply.Found found) {
      offenders.takeValue(row, found.view().value());
    } else if (!(reply instanceof Refusal refusal) || !gone(refusal)) {
      throw new Unfinished("an entry could not be read");
    }
  }

  /** Not there, or not yet readable: nothing to hold to the new contract. */
  private static boolean gone(Refusal refusal) {
    return switch (refusal.reason()) {
      case UNKNOWN_KEY, KEY_ENDED, NOT_YET_VALID -> true;
      default -> false;
    };
  }

  private static void requireEnded(List<EntryReply> replies) {
    for (EntryReply reply : replies) {
      if (!(reply instanceof EntryReply.Settled)) {
        throw new Unfinished("an entry could not be ended");
      }
    }
  }

  private CompletableFuture<List<EntryReply>> asked(
      List<LedgerRow> rows, EntryCommand command, long deadlineNanos) {
    Duration patience = Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime()));
    List<CompletableFuture<EntryReply>> replies = new ArrayList<>(rows.size());
    for (LedgerRow row : rows) {
      replies.add(entries.send(row.id(), command, patience).toCompletableFuture());
    }
    return CompletableFuture.allOf(replies.toArray(new CompletableFuture<?>[0]))
        .thenApply(all -> replies.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<Void> walk(
      String namespace,
      long deadlineNanos,
      Function<List<LedgerRow>, CompletableFuture<Void>> visit,
      BooleanSupplier enough) {
    return step(new Walk(namespace, deadlineNanos, visit, enough), null);
  }

  private record Walk(
      String namespace,
      long deadlineNanos,
      Function<List<LedgerRow>, CompletableFuture<Void>> visit,
      BooleanSupplier enough) {}

  private CompletableFuture<Void> step(Walk walk, ListQuery.@Nullable Position after) {
    if (System.nanoTime() - walk.deadlineNanos() >= 0) {
      return CompletableFuture.failedFuture(new Unfinished("no time is left"));
    }
    ListQuery page = new ListQuery(walk.namespace(), "", null, after, batch, clock.instant(), true);
    return ledger
        .list(page)
        .toCompletableFuture()
        .thenComposeAsync(
            rows -> walk.visit().apply(rows).thenCompose(done -> stepAfter(walk, rows)), executor);
  }

  private CompletableFuture<Void> stepAfter(Walk walk, List<LedgerRow> rows) {
    if (rows.size() < batch || walk.enough().getAsBoolean()) {
      return CompletableFuture.completedFuture(null);
    }
    LedgerRow last = rows.get(rows.size() - 1);
    return step(walk, new ListQuery.Position(last.id().key(), last.expiresAt()));
  }
}
