package io.mayfly.persistence.postgresql;

import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.Accounted;
import io.mayfly.protocol.ledger.JournalNames;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.Recorded;
import io.mayfly.protocol.ledger.Wakeful;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the journal says of a key: the last event that changed the ledger says it, or, when the
 * events were deleted, the snapshot that took their place.
 */
final class KeyAccount {
  private static final Logger LOG = LoggerFactory.getLogger(KeyAccount.class);
  private static final String EVENTS =
      """
      SELECT stored FROM mayfly_event WHERE persistence_id = ? ORDER BY sequence_nr DESC LIMIT 1000
      """;
  private static final String SNAPSHOT =
      """
      SELECT stored FROM mayfly_snapshot WHERE persistence_id = ? ORDER BY sequence_nr DESC LIMIT 1
      """;
  private static final int FETCH_ROWS = 4;

  private final EventCodec codec;
  private final JournalNames names;

  KeyAccount(EventCodec codec, JournalNames names) {
    this.codec = codec;
    this.names = names;
  }

  JournalNames names() {
    return names;
  }

  /** What is said of a persistence id; absent when its events or its snapshot cannot be read. */
  @Nullable Account of(Connection connection, String persistenceId) throws SQLException {
    try {
      Account told = byEvents(connection, persistenceId);
      return told != null ? told : bySnapshot(connection, persistenceId);
    } catch (RuntimeException e) {
      // Who asks knows under which name the key may be logged; the message may spell it out.
      LOG.debug("the events of a key cannot be read: {}", e.getClass().getName());
      return null;
    }
  }

  private @Nullable Account byEvents(Connection connection, String persistenceId)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
      statement.setFetchSize(FETCH_ROWS);
      statement.setString(1, persistenceId);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (!(codec.payload(rows.getBytes(1)) instanceof Recorded recorded)) {
            return Account.NOTHING;
          }
          LedgerChange change = recorded.ledgerChange();
          if (!change.equals(LedgerChange.NONE)) {
            return new Account(change.after(), change.wakeAfter());
          }
        }
      }
    }
    return null;
  }

  private Account bySnapshot(Connection connection, String persistenceId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SNAPSHOT)) {
      statement.setString(1, persistenceId);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Account.NOTHING;
        }
        Object state = SnapshotRows.state(codec, rows.getBytes(1));
        EntryId id = names.entry(persistenceId);
        if (state instanceof Wakeful wakeful) {
          return new Account(null, wakeful.wakeAt());
        }
        return id != null && state instanceof Accounted accounted
            ? accounted.account(id)
            : Account.NOTHING;
      }
    }
  }
}
