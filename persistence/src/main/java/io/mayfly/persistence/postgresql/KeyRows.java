package io.mayfly.persistence.postgresql;

import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Moves the rows of keys along with their events.
 *
 * <p>Invariant: a row is changed only by a writer who knows the last event of its key. Who does not
 * is told by a count of 0, and changes nothing.
 */
final class KeyRows {
  private static final String INSERT =
      """
      INSERT INTO mayfly_key (sequence_nr, namespace, name, incarnation, revision, valid_from,
        expires_at, wake_at, persistence_id, slice)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (persistence_id) DO NOTHING
      """;
  private static final String CHANGE =
      """
      UPDATE mayfly_key SET sequence_nr = ?, namespace = ?, name = ?, incarnation = ?,
        revision = ?, valid_from = ?, expires_at = ?, wake_at = ?
      WHERE persistence_id = ? AND sequence_nr = ?
      """;
  private static final String ADVANCE =
      "UPDATE mayfly_key SET sequence_nr = ? WHERE persistence_id = ? AND sequence_nr = ?";
  private static final String DELETE =
      "DELETE FROM mayfly_key WHERE persistence_id = ? AND sequence_nr = ?";

  private final Connection connection;
  private final Predicate<KeyWrite> begins;

  /**
   * Rows within one transaction.
   *
   * @param begins whether a key has no row before the write
   */
  KeyRows(Connection connection, Predicate<KeyWrite> begins) {
    this.connection = connection;
    this.begins = begins;
  }

  /** How a statement's parameters are set. */
  private interface Setting {
    void set(PreparedStatement statement, KeyWrite write) throws SQLException;
  }

  /** Moves the rows of different keys; returns those writes whose writer was right. */
  List<KeyWrite> move(List<KeyWrite> writes) throws SQLException {
    List<KeyWrite> born = new ArrayList<>();
    List<KeyWrite> changed = new ArrayList<>();
    List<KeyWrite> advanced = new ArrayList<>();
    List<KeyWrite> gone = new ArrayList<>();
    List<KeyWrite> right = new ArrayList<>();
    for (KeyWrite write : writes) {
      boolean begun = begins.test(write);
      if (write.leavesNothing()) {
        (begun ? right : gone).add(write);
      } else if (begun) {
        born.add(write);
      } else {
        (write.change().equals(LedgerChange.NONE) ? advanced : changed).add(write);
      }
    }
    batch(INSERT, born, KeyRows::setInsert, right);
    batch(CHANGE, changed, KeyRows::setChange, right);
    batch(ADVANCE, advanced, KeyRows::setAdvance, right);
    batch(DELETE, gone, KeyRows::setDelete, right);
    return right;
  }

  private void batch(String sql, List<KeyWrite> writes, Setting setting, List<KeyWrite> right)
      throws SQLException {
    if (writes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (KeyWrite write : writes) {
        setting.set(statement, write);
        statement.addBatch();
      }
      int[] counts = statement.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 1) {
          right.add(writes.get(i));
        }
      }
    }
  }

  private static void setInsert(PreparedStatement statement, KeyWrite write) throws SQLException {
    int next = setLedger(statement, write);
    statement.setString(next, write.persistenceId());
    statement.setShort(next + 1, (short) Ledger.sliceOf(write.persistenceId()));
  }

  private static void setChange(PreparedStatement statement, KeyWrite write) throws SQLException {
    int next = setLedger(statement, write);
    statement.setString(next, write.persistenceId());
    statement.setLong(next + 1, write.firstSequenceNr() - 1);
  }

  private static void setAdvance(PreparedStatement statement, KeyWrite write) throws SQLException {
    statement.setLong(1, write.lastSequenceNr());
    statement.setString(2, write.persistenceId());
    statement.setLong(3, write.firstSequenceNr() - 1);
  }

  private static void setDelete(PreparedStatement statement, KeyWrite write) throws SQLException {
    statement.setString(1, write.persistenceId());
    statement.setLong(2, write.firstSequenceNr() - 1);
  }

  /** Sets the sequence number and what the ledger shows; returns the next parameter. */
  private static int setLedger(PreparedStatement statement, KeyWrite write) throws SQLException {
    boolean purged = write.change().purged() > 0;
    LedgerRow row = purged ? null : write.change().after();
    Instant wake = purged ? null : write.change().wakeAfter();
    statement.setLong(1, write.lastSequenceNr());
    setLedger(statement, 2, row, wake);
    return 9;
  }

  /** Sets seven parameters to what the ledger shows of a key. */
  static void setLedger(
      PreparedStatement statement, int first, @Nullable LedgerRow row, @Nullable Instant wake)
      throws SQLException {
    if (row == null) {
      statement.setNull(first, Types.VARCHAR);
      statement.setNull(first + 1, Types.VARCHAR);
      statement.setNull(first + 2, Types.BIGINT);
      statement.setNull(first + 3, Types.BIGINT);
      statement.setNull(first + 4, Types.BINARY);
      statement.setNull(first + 5, Types.BINARY);
    } else {
      statement.setString(first, row.id().namespace());
      statement.setString(first + 1, row.id().key());
      statement.setLong(first + 2, row.version().incarnation());
      statement.setLong(first + 3, row.version().revision());
      statement.setBytes(first + 4, Sql.bytes(row.validFrom()));
      statement.setBytes(first + 5, Sql.bytes(row.expiresAt()));
    }
    if (wake == null) {
      statement.setNull(first + 6, Types.BINARY);
    } else {
      statement.setBytes(first + 6, Sql.bytes(wake));
    }
  }
}
