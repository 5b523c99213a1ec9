package io.mayfly.persistence.postgresql;

import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.Drift;
import io.mayfly.protocol.ledger.JournalNames;
import io.mayfly.protocol.ledger.LedgerRounds;
import io.mayfly.protocol.ledger.LedgerRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.serialization.SerializationExtension;
import org.jspecify.annotations.Nullable;

/**
 * Rounds over the shared store. One node walks over the keys; the others find nothing to do. What
 * differs is compared again while its row is locked, and only then repaired, so that a repair is a
 * step in the order of the key's writes.
 */
public final class PostgresLedgerRounds implements LedgerRounds {
  private static final String COLUMNS =
      """
      SELECT persistence_id, wake_at, namespace, name, incarnation, revision, valid_from, expires_at
      FROM mayfly_key
      """;
  private static final String PAGE = COLUMNS + " WHERE persistence_id > ? ORDER BY 1 LIMIT ?";
  private static final String ONE = COLUMNS + " WHERE persistence_id = ? FOR UPDATE";
  private static final String REPAIR =
      """
      UPDATE mayfly_key SET namespace = ?, name = ?, incarnation = ?, revision = ?,
        valid_from = ?, expires_at = ?, wake_at = ?
      WHERE persistence_id = ?
      """;
  private static final int PAGE_ROWS = 64;

  private final PostgresStore store;
  private final KeyAccount accounts;
  private final BooleanSupplier leads;
  private String position = "";

  private PostgresLedgerRounds(PostgresStore store, KeyAccount accounts, BooleanSupplier leads) {
    this.store = store;
    this.accounts = accounts;
    this.leads = leads;
  }

  /** What stands in the ledger's columns of a key. */
  private record Shown(String persistenceId, Account account) {
    static Shown of(ResultSet rows) throws SQLException {
      LedgerRow row = rows.getString(3) == null ? null : PostgresLedger.row(rows, 3);
      return new Shown(rows.getString(1), new Account(row, Sql.instantOrNull(rows, 2)));
    }
  }

  /**
   * Rounds over the store of an actor system.
   *
   * @param leads whether this node is the one that walks
   */
  public static PostgresLedgerRounds of(
      ClassicActorSystemProvider system, JournalNames names, BooleanSupplier leads) {
    return new PostgresLedgerRounds(
        PostgresStoreExtension.get(system).store(),
        new KeyAccount(new EventCodec(SerializationExtension.get(system)), names),
        leads);
  }

  @Override
  public CompletionStage<Stretch> next(Duration budget) {
    if (!leads.getAsBoolean()) {
      position = "";
      return CompletableFuture.completedFuture(
          new Stretch(0, List.of(), null, Duration.ZERO, true));
    }
    return work(this::walk);
  }

  @Override
  public CompletionStage<Optional<Account>> account(EntryId id) {
    return work(
        connection -> Optional.ofNullable(accounts.of(connection, accounts.names().of(id))));
  }

  private <R> CompletionStage<R> work(Sql.Work<R> work) {
    CompletableFuture<R> result = new CompletableFuture<>();
    try {
      store
          .readers()
          .execute(
              () -> {
                try {
                  result.complete(store.sql().transact(work));
                } catch (SQLException | RuntimeException e) {
                  result.completeExceptionally(e);
                }
              });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  /** A page is a stretch: it takes some milliseconds, most of them in the database. */
  private Stretch walk(Connection connection) throws SQLException {
    long startNanos = System.nanoTime();
    List<Shown> page = page(connection);
    List<Repair> repairs = new ArrayList<>();
    EntryId example = null;
    for (Shown shown : page) {
      Account told = accounts.of(connection, shown.persistenceId());
      if (told == null || !told.equals(shown.account())) {
        repairs.addAll(repair(connection, shown.persistenceId()));
      }
      example = example == null ? accounts.names().entry(shown.persistenceId()) : example;
    }
    boolean last = page.size() < PAGE_ROWS;
    position = last ? "" : page.get(page.size() - 1).persistenceId();
    return new Stretch(
        page.size(), repairs, example, Duration.ofNanos(System.nanoTime() - startNanos), last);
  }

  private List<Shown> page(Connection connection) throws SQLException {
    List<Shown> page = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
      statement.setString(1, position);
      statement.setInt(2, PAGE_ROWS);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          page.add(Shown.of(rows));
        }
      }
    }
    return page;
  }

  private List<Repair> repair(Connection connection, String persistenceId) throws SQLException {
    Shown shown = locked(connection, persistenceId);
    if (shown == null) {
      return List.of();
    }
    EntryId id = accounts.names().entry(persistenceId);
    Account told = accounts.of(connection, persistenceId);
    if (told == null) {
      return List.of(new Repair(Drift.UNREADABLE, persistenceId, id, "its events cannot be read"));
    }
    List<Repair> repairs = differences(id, persistenceId, shown.account(), told);
    if (!repairs.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(REPAIR)) {
        KeyRows.setLedger(statement, 1, told.row(), told.wake());
        statement.setString(8, persistenceId);
        statement.executeUpdate();
      }
    }
    return repairs;
  }

  private static @Nullable Shown locked(Connection connection, String persistenceId)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ONE)) {
      statement.setString(1, persistenceId);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Shown.of(rows) : null;
      }
    }
  }

  private static List<Repair> differences(
      @Nullable EntryId id, String persistenceId, Account shown, Account told) {
    List<Repair> repairs = new ArrayList<>();
    String detail = "found " + shown.summary() + ", the journal says " + told.summary();
    if (!Objects.equals(shown.row(), told.row())) {
      Drift drift =
          shown.row() == null
              ? Drift.MISSING_LISTING
              : told.row() == null ? Drift.EXTRA_LISTING : Drift.WRONG_LISTING;
      repairs.add(new Repair(drift, persistenceId, id, detail));
    }
    Instant wake = told.wake();
    if (!Objects.equals(shown.wake(), wake)) {
      repairs.add(
          new Repair(
              wake == null ? Drift.EXTRA_WAKE : Drift.MISSING_WAKE, persistenceId, id, detail));
    }
    return repairs;
  }
}
