package io.mayfly.persistence.postgresql;

import io.mayfly.persistence.plugin.Adapters;
import io.mayfly.persistence.plugin.EventCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.JournalProtocol.RecoverySuccess;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessagesFailure;
import org.apache.pekko.persistence.JournalProtocol.ReplayedMessage;
import org.apache.pekko.persistence.PersistentRepr;

/**
 * Replays events to actors that recover. For a group of keys the database is asked once which of
 * them it knows; most that recover are new and need no more.
 */
final class Replays {
  private static final String HEADS =
      """
      SELECT persistence_id, sequence_nr, deleted_to FROM mayfly_key WHERE persistence_id = ANY (?)
      """;
  private static final String EVENTS =
      """
      SELECT sequence_nr, stored FROM mayfly_event
      WHERE persistence_id = ? AND sequence_nr BETWEEN ? AND ? ORDER BY sequence_nr LIMIT ?
      """;
  private static final String REPLACED =
      "SELECT 1 FROM mayfly_snapshot WHERE persistence_id = ? AND sequence_nr >= ?";
  private static final int FETCH_ROWS = 100;

  private final PostgresStore store;
  private final EventCodec codec;
  private final Adapters adapters;

  Replays(PostgresStore store, EventCodec codec, Adapters adapters) {
    this.store = store;
    this.codec = codec;
    this.adapters = adapters;
  }

  /** Where the history of a key ends, and up to where it is deleted. */
  private record Head(long sequenceNr, long deletedTo) {
    static final Head NONE = new Head(0, 0);
  }

  void carryOut(List<ReplayMessages> requests) {
    String[] ids = requests.stream().map(ReplayMessages::persistenceId).toArray(String[]::new);
    Map<String, Head> heads = store.sql().ask(connection -> heads(connection, ids));
    if (heads.size() < ids.length) {
      // A key without a row may have been purged elsewhere: its next incarnation must be higher.
      store.learnPurged();
    }
    for (ReplayMessages request : requests) {
      carryOut(request, heads.getOrDefault(request.persistenceId(), Head.NONE));
    }
  }

  static void fail(ReplayMessages request, RuntimeException cause) {
    request.persistentActor().tell(new ReplayMessagesFailure(cause), ActorRef.noSender());
  }

  private void carryOut(ReplayMessages request, Head head) {
    try {
      long to = Math.min(request.toSequenceNr(), head.sequenceNr());
      if (to > 0 && request.fromSequenceNr() <= to && request.max() > 0) {
        store.sql().transact(connection -> replay(connection, request, head.deletedTo(), to));
      }
      request.persistentActor().tell(new RecoverySuccess(head.sequenceNr()), ActorRef.noSender());
    } catch (SQLException e) {
      fail(request, new StoreFailedException(e));
    } catch (RuntimeException e) {
      fail(request, e);
    }
  }

  private static Map<String, Head> heads(Connection connection, String[] ids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(HEADS)) {
      statement.setArray(1, connection.createArrayOf("text", ids));
      Map<String, Head> heads = new HashMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          heads.put(rows.getString(1), new Head(rows.getLong(2), rows.getLong(3)));
        }
      }
      return heads;
    }
  }

  /**
   * Who asks from 0 takes what is left, and loads its snapshot afterwards. All others have loaded
   * it: between the snapshot that the actor has loaded and now, another owner of the key may have
   * saved a newer one and deleted the events in between. Then the actor must begin again.
   */
  private static void requireWhole(Connection connection, ReplayMessages request, long first)
      throws SQLException {
    if (request.fromSequenceNr() == 0 || first == request.fromSequenceNr()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(REPLACED)) {
      statement.setString(1, request.persistenceId());
      statement.setLong(2, request.fromSequenceNr());
      try (ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          throw new StaleWriterException(request.persistenceId(), request.fromSequenceNr());
        }
      }
    }
  }

  /** Within a transaction the rows come a few at a time. */
  private long replay(Connection connection, ReplayMessages request, long deletedTo, long to)
      throws SQLException {
    String id = request.persistenceId();
    long count = 0;
    try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
      statement.setFetchSize(FETCH_ROWS);
      statement.setString(1, id);
      statement.setLong(2, Math.max(request.fromSequenceNr(), deletedTo + 1));
      statement.setLong(3, to);
      statement.setLong(4, request.max());
      try (ResultSet rows = statement.executeQuery()) {
        boolean more = rows.next();
        requireWhole(connection, request, more ? rows.getLong(1) : Long.MAX_VALUE);
        for (; more; more = rows.next()) {
          PersistentRepr event = codec.read(id, rows.getLong(1), rows.getBytes(2));
          for (PersistentRepr adapted : adapters.fromJournal(event)) {
            request.persistentActor().tell(new ReplayedMessage(adapted), ActorRef.noSender());
          }
          count++;
        }
      }
    }
    return count;
  }
}
