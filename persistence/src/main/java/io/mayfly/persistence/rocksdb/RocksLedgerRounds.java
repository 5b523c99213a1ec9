package io.mayfly.persistence.rocksdb;

import com.typesafe.config.ConfigFactory;
import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.JournalNames;
import io.mayfly.protocol.ledger.LedgerRounds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * Rounds over the embedded store. What is suspect is found on a thread of their own, beside the
 * writes; it is compared again and repaired on the journal's thread, in turn with the writes.
 */
public final class RocksLedgerRounds implements LedgerRounds {
  private static final String JOURNAL = StoreSettings.PATH + ".journal";
  private static final int SUSPECTS_MAX = 256;
  private static final int WAITING_MAX = 1024;

  private final RocksStore store;
  private final ActorRef journal;
  private final Accounts accounts;
  private final LedgerCheck check;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          RocksLedgerRounds::named);

  private RocksLedgerRounds(RocksStore store, ActorRef journal, Accounts accounts) {
    this.store = store;
    this.journal = journal;
    this.accounts = accounts;
    this.check = new LedgerCheck(accounts, SUSPECTS_MAX);
  }

  /** Rounds over the store of an actor system, until that terminates. */
  public static RocksLedgerRounds of(ClassicActorSystemProvider system, JournalNames names) {
    RocksLedgerRounds rounds =
        new RocksLedgerRounds(
            RocksStoreExtension.get(system).store(),
            Persistence.get(system).journalFor(JOURNAL, ConfigFactory.empty()),
            new Accounts(new EventCodec(SerializationExtension.get(system)), names));
    system
        .classicSystem()
        .getWhenTerminated()
        .whenCompleteAsync((done, failed) -> rounds.thread.shutdown(), Runnable::run);
    return rounds;
  }

  @Override
  public CompletionStage<Stretch> next(Duration budget) {
    CompletableFuture<Stretch> result = new CompletableFuture<>();
    run(
        result,
        () -> {
          long startNanos = ProcessorTime.nanos();
          LedgerCheck.Found found =
              store.database().look(view -> check.walk(view, budget.toNanos()));
          long walkedNanos = ProcessorTime.nanos() - startNanos;
          if (found.suspects().isEmpty()) {
            result.complete(stretch(found, List.of(), walkedNanos));
          } else {
            journal.tell(
                new RocksJournal.InTurn(() -> repair(found, walkedNanos, result)),
                ActorRef.noSender());
          }
        });
    return result;
  }

  /** Runs on the journal's thread. */
  private void repair(
      LedgerCheck.Found found, long walkedNanos, CompletableFuture<Stretch> result) {
    try {
      long startNanos = ProcessorTime.nanos();
      List<Repair> repairs = new LedgerRepair(store, accounts).repair(found.suspects());
      result.complete(stretch(found, repairs, walkedNanos + ProcessorTime.nanos() - startNanos));
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  private static Stretch stretch(LedgerCheck.Found found, List<Repair> repairs, long workedNanos) {
    return new Stretch(
        found.rows(), repairs, found.example(), Duration.ofNanos(workedNanos), found.last());
  }

  @Override
  public CompletionStage<Optional<Account>> account(EntryId id) {
    CompletableFuture<Optional<Account>> result = new CompletableFuture<>();
    run(
        result,
        () ->
            result.complete(
                store
                    .database()
                    .look(
                        view -> Optional.ofNullable(accounts.of(view, accounts.names().of(id))))));
    return result;
  }

  private void run(CompletableFuture<?> result, Runnable task) {
    try {
      thread.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(e);
    }
  }

  private static Thread named(Runnable task) {
    Thread named = new Thread(task, "mayfly-ledger-rounds");
    named.setDaemon(true);
    return named;
  }
}
