package io.mayfly.persistence.postgresql;

import io.mayfly.persistence.plugin.Adapters;
import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.persistence.plugin.PendingWrite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Commits groups of writes, each group in one transaction, and answers them. What a stale writer
 * asked for fails alone; what the database does not take is tried again one by one, so that it does
 * not fail with its group.
 */
final class Commits {
  /** The end of the transaction goes with its last statement, so that no row waits for a client. */
  private static final String COMMIT = "; COMMIT";

  private static final String EVENTS =
      """
      INSERT INTO mayfly_event (persistence_id, sequence_nr, stored, tag, position)
      SELECT new.id, new.nr, new.stored, new.tag, %s
      FROM unnest(?::text[], ?::bigint[], ?::bytea[], ?::text[], ?::int[])
        AS new (id, nr, stored, tag, place)
      """;
  private static final String UNTOLD = EVENTS.formatted("NULL") + COMMIT;
  private static final String TOLD =
      "WITH taken AS (UPDATE mayfly_feed SET position = position + ? RETURNING position) "
          + EVENTS.formatted("(SELECT position FROM taken) - ? + new.place")
          + COMMIT;
  private static final String PURGED =
      """
      INSERT INTO mayfly_purged AS known (shelf, incarnation) VALUES (?, ?)
      ON CONFLICT (shelf) DO UPDATE
      SET incarnation = greatest(known.incarnation, excluded.incarnation)
      """;
  private static final String ERASE_EVENTS =
      "DELETE FROM mayfly_event WHERE persistence_id = ANY (?) RETURNING tag, position";
  private static final String ERASE_SNAPSHOTS =
      "DELETE FROM mayfly_snapshot WHERE persistence_id = ANY (?)";
  private static final int PURGED_MAX = 100_000;

  private final PostgresStore store;
  private final EventCodec codec;
  private final Adapters adapters;

  /** Where the histories of keys ended that were purged here and may go on: their actors stand. */
  private final Map<String, Long> purgedAt =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > PURGED_MAX;
        }
      };

  Commits(PostgresStore store, EventCodec codec, Adapters adapters) {
    this.store = store;
    this.codec = codec;
    this.adapters = adapters;
  }

  /** Carries requests out, and answers each. */
  void carryOut(List<PendingWrite> requests) {
    List<KeyWrite> rest = new ArrayList<>();
    for (PendingWrite request : requests) {
      KeyWrite write = KeyWrite.of(request, codec, adapters);
      if (write.isEmpty()) {
        request.succeed();
      } else {
        rest.add(write);
      }
    }
    while (!rest.isEmpty()) {
      // In the order of the keys, so that no two transactions wait for each other.
      Map<String, KeyWrite> now = new TreeMap<>();
      List<KeyWrite> later = new ArrayList<>();
      for (KeyWrite write : rest) {
        if (now.putIfAbsent(write.persistenceId(), write) != null) {
          later.add(write);
        }
      }
      commit(List.copyOf(now.values()));
      rest = later;
    }
  }

  private void commit(List<KeyWrite> writes) {
    if (!store.permitsWrites()) {
      fail(writes, new StoreBusyException("the node is not entitled to write now"));
      return;
    }
    try {
      answer(writes, store.sql().transact(connection -> write(connection, writes)));
    } catch (SQLException e) {
      if (StoreFailedException.gone(e)) {
        store.lost(e);
      } else if (writes.size() > 1) {
        writes.forEach(write -> commit(List.of(write)));
        return;
      }
      fail(writes, new StoreFailedException(e));
    } catch (StoreBusyException e) {
      fail(writes, e);
    }
  }

  private List<KeyWrite> write(Connection connection, List<KeyWrite> writes) throws SQLException {
    List<KeyWrite> right = new KeyRows(connection, this::begins).move(writes);
    erase(connection, right.stream().filter(KeyWrite::erases).toList());
    long purged = right.stream().mapToLong(KeyWrite::purged).max().orElse(0);
    if (purged > 0) {
      try (PreparedStatement statement = connection.prepareStatement(PURGED)) {
        statement.setShort(1, store.shelf());
        statement.setLong(2, purged);
        statement.executeUpdate();
      }
    }
    // A process that stood still meanwhile may have lost its keys. One that stands still from here
    // on
    // loses its transaction, before others can have taken anything over.
    if (!store.permitsWrites()) {
      throw new StoreBusyException("the node is not entitled to write any more");
    }
    insert(connection, right);
    return right;
  }

  /** Inserts the events, each that is told at the next place, and commits. */
  private static void insert(Connection connection, List<KeyWrite> writes) throws SQLException {
    List<String> ids = new ArrayList<>();
    List<Long> sequenceNrs = new ArrayList<>();
    List<byte[]> stored = new ArrayList<>();
    List<@Nullable String> tags = new ArrayList<>();
    List<@Nullable Integer> places = new ArrayList<>();
    int told = 0;
    for (KeyWrite write : writes) {
      for (KeyWrite.Row event : write.events()) {
        ids.add(write.persistenceId());
        sequenceNrs.add(event.sequenceNr());
        stored.add(event.stored());
        tags.add(event.tag());
        places.add(event.tag() == null ? null : ++told);
      }
    }
    if (ids.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(told > 0 ? TOLD : UNTOLD)) {
      int next = 1;
      if (told > 0) {
        statement.setLong(next++, told);
        statement.setLong(next++, told);
      }
      statement.setArray(next++, connection.createArrayOf("text", ids.toArray(String[]::new)));
      statement.setArray(
          next++, connection.createArrayOf("bigint", sequenceNrs.toArray(Long[]::new)));
      statement.setArray(next++, connection.createArrayOf("bytea", stored.toArray(byte[][]::new)));
      statement.setArray(next++, connection.createArrayOf("text", tags.toArray()));
      statement.setArray(next, connection.createArrayOf("int", places.toArray()));
      statement.execute();
    }
  }

  private void erase(Connection connection, List<KeyWrite> writes) throws SQLException {
    if (writes.isEmpty()) {
      return;
    }
    String[] ids = writes.stream().map(KeyWrite::persistenceId).toArray(String[]::new);
    Map<String, Long> floors = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(ERASE_EVENTS)) {
      statement.setArray(1, connection.createArrayOf("text", ids));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (rows.getString(1) != null) {
            floors.merge(rows.getString(1), rows.getLong(2), Math::max);
          }
        }
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(ERASE_SNAPSHOTS)) {
      statement.setArray(1, connection.createArrayOf("text", ids));
      statement.executeUpdate();
    }
    FeedRows.raise(connection, store.shelf(), floors);
  }

  private boolean begins(KeyWrite write) {
    if (write.firstSequenceNr() == 1) {
      return true;
    }
    synchronized (purgedAt) {
      Long ended = purgedAt.get(write.persistenceId());
      return ended != null && ended == write.firstSequenceNr() - 1;
    }
  }

  private void answer(List<KeyWrite> writes, List<KeyWrite> right) {
    synchronized (purgedAt) {
      for (KeyWrite write : right) {
        if (write.leavesNothing()) {
          purgedAt.put(write.persistenceId(), write.lastSequenceNr());
        } else if (!purgedAt.isEmpty()) {
          purgedAt.remove(write.persistenceId());
        }
      }
    }
    long purged = right.stream().mapToLong(KeyWrite::purged).max().orElse(0);
    if (purged > 0) {
      store.purged(purged);
    }
    right.forEach(write -> write.request().succeed());
    if (right.size() < writes.size()) {
      writes.stream()
          .filter(write -> !right.contains(write))
          .forEach(
              write ->
                  write
                      .request()
                      .fail(
                          new StaleWriterException(
                              write.persistenceId(), write.firstSequenceNr())));
    }
  }

  private static void fail(List<KeyWrite> writes, RuntimeException cause) {
    writes.forEach(write -> write.request().fail(cause));
  }
}
