package io.mayfly.persistence.postgresql;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The database, one piece of work per connection. */
final class Sql {
  private final DataSource source;

  Sql(DataSource source) {
    this.source = source;
  }

  /** Work on a connection. */
  @FunctionalInterface
  interface Work<R extends @Nullable Object> {
    R on(Connection connection) throws SQLException;
  }

  /** Statements that stand each for itself. */
  <R extends @Nullable Object> R ask(Work<R> work) {
    try (Connection connection = source.getConnection()) {
      return work.on(connection);
    } catch (SQLException e) {
      throw new StoreFailedException(e);
    }
  }

  /** Statements that are carried out together or not at all. */
  <R extends @Nullable Object> R transact(Work<R> work) throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        R result = work.on(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
    }
  }

  private static void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  static byte @Nullable [] bytes(@Nullable Instant instant) {
    return instant == null ? null : new ByteWriter(12).instant(instant).toBytes();
  }

  static Instant instant(ResultSet rows, int column) throws SQLException {
    return new ByteReader(rows.getBytes(column)).instant();
  }

  static @Nullable Instant instantOrNull(ResultSet rows, int column) throws SQLException {
    byte[] bytes = rows.getBytes(column);
    return bytes == null ? null : new ByteReader(bytes).instant();
  }

  /** Sets the parameters of a statement in their order. */
  static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof Instant instant) {
        statement.setBytes(i + 1, bytes(instant));
      } else if (value instanceof byte[] raw) {
        statement.setBytes(i + 1, raw);
      } else {
        statement.setObject(i + 1, value);
      }
    }
  }
}
