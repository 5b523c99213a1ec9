package io.mayfly.persistence.postgresql;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** The ledger in the shared store. Reads run on the store's readers. */
final class PostgresLedger implements Ledger {
  private static final String ROW =
      "SELECT namespace, name, incarnation, revision, valid_from, expires_at FROM mayfly_key";
  private static final String SHOWN =
      " AND ((expires_at > ? AND valid_from <= ?) OR (? AND valid_from > ?))";
  private static final String BY_KEY =
      ROW + " WHERE namespace = ? AND name >= ? AND name > ?" + SHOWN + "%s ORDER BY name LIMIT ?";
  private static final String BY_DEADLINE =
      ROW
          + " WHERE namespace = ? AND (expires_at, name) > (?, ?) AND expires_at <= ?"
          + " AND starts_with(name, ?)"
          + SHOWN
          + " ORDER BY expires_at, name LIMIT ?";
  private static final String DUE =
      """
      SELECT persistence_id, wake_at FROM mayfly_key
      WHERE slice = ? AND wake_at IS NOT NULL AND (wake_at, persistence_id) > (?, ?)
        AND wake_at <= ?
      ORDER BY wake_at, persistence_id LIMIT ?
      """;
  private static final String COUNTS =
      "SELECT namespace, count(*) FROM mayfly_key WHERE namespace IS NOT NULL GROUP BY namespace";

  private final Sql sql;
  private final Executor readers;
  private final AtomicLong highestPurged = new AtomicLong();

  PostgresLedger(Sql sql, Executor readers) {
    this.sql = sql;
    this.readers = readers;
  }

  @Override
  public CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit) {
    return read(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            Sql.set(statement, slice, after.at(), after.persistenceId(), until, limit);
            List<Wake> wakes = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                wakes.add(new Wake(rows.getString(1), Sql.instant(rows, 2)));
              }
            }
            return wakes;
          }
        });
  }

  @Override
  public CompletionStage<List<LedgerRow>> list(ListQuery query) {
    Instant until = query.expiringUntil();
    return read(
        connection ->
            until == null ? byKey(connection, query) : byDeadline(connection, query, until));
  }

  @Override
  public CompletionStage<Map<String, Long>> counts() {
    return read(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(COUNTS);
              ResultSet rows = statement.executeQuery()) {
            Map<String, Long> counts = new HashMap<>();
            while (rows.next()) {
              counts.put(rows.getString(1), rows.getLong(2));
            }
            return counts;
          }
        });
  }

  @Override
  public long highestPurgedIncarnation() {
    return highestPurged.get();
  }

  /** Takes note of a purge that was committed, here or elsewhere. */
  void purged(long incarnation) {
    highestPurged.accumulateAndGet(incarnation, Math::max);
  }

  /** A page of a list by key. */
  static List<LedgerRow> byKey(Connection connection, ListQuery query) throws SQLException {
    ListQuery.Position after = query.after();
    String end = Utf8Order.endOfPrefix(query.prefix());
    String sqlText = BY_KEY.formatted(end == null ? "" : " AND name < ?");
    try (PreparedStatement statement = connection.prepareStatement(sqlText)) {
      List<Object> values = new ArrayList<>();
      values.addAll(List.of(query.namespace(), query.prefix(), after == null ? "" : after.key()));
      addShown(values, query);
      if (end != null) {
        values.add(end);
      }
      values.add(query.limit());
      Sql.set(statement, values.toArray());
      return rows(statement);
    }
  }

  /** Rows whose deadline has passed are not visible, so the list begins no earlier than now. */
  private static List<LedgerRow> byDeadline(Connection connection, ListQuery query, Instant until)
      throws SQLException {
    ListQuery.Position after = query.after();
    boolean resumed = after != null && !after.expiresAt().isBefore(query.now());
    try (PreparedStatement statement = connection.prepareStatement(BY_DEADLINE)) {
      List<Object> values = new ArrayList<>();
      values.add(query.namespace());
      values.add(resumed && after != null ? after.expiresAt() : query.now());
      values.add(resumed && after != null ? after.key() : "");
      values.add(until);
      values.add(query.prefix());
      addShown(values, query);
      values.add(query.limit());
      Sql.set(statement, values.toArray());
      return rows(statement);
    }
  }

  private static void addShown(List<Object> values, ListQuery query) {
    values.add(query.now());
    values.add(query.now());
    values.add(query.pending());
    values.add(query.now());
  }

  private static List<LedgerRow> rows(PreparedStatement statement) throws SQLException {
    List<LedgerRow> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(row(rows, 1));
      }
    }
    return found;
  }

  /** Reads a row from six columns. */
  static LedgerRow row(ResultSet rows, int first) throws SQLException {
    return new LedgerRow(
        new EntryId(rows.getString(first), rows.getString(first + 1)),
        new Version(rows.getLong(first + 2), rows.getLong(first + 3)),
        Sql.instant(rows, first + 4),
        Sql.instant(rows, first + 5));
  }

  private <R> CompletionStage<R> read(Sql.Work<R> work) {
    CompletableFuture<R> result = new CompletableFuture<>();
    try {
      readers.execute(
          () -> {
            try {
              result.complete(sql.ask(work));
            } catch (RuntimeException e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(e);
    }
    return result;
  }
}
