package io.mayfly.persistence.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets the feed forget what has grown old, in small steps; of all nodes, one at a time. An event
 * goes when its key needs it no more for a recovery; else it stays until it does.
 */
final class FeedAging {
  private static final long LOCK = 0x6d61_7966_6c79L;
  private static final int TAG_ROWS = 100;
  private static final String TRY_LOCK = "SELECT pg_try_advisory_xact_lock(?)";
  private static final String MARK =
      """
      INSERT INTO mayfly_feed_mark (at_ms, position) SELECT ?, position FROM mayfly_feed
      ON CONFLICT (at_ms) DO NOTHING
      """;
  private static final String MARKED =
      "SELECT coalesce(max(position), 0) FROM mayfly_feed_mark WHERE at_ms <= ?";
  private static final String UNMARK =
      """
      DELETE FROM mayfly_feed_mark
      WHERE at_ms < (SELECT max(at_ms) FROM mayfly_feed_mark WHERE at_ms <= ?)
      """;

  /** The first tag, then each next one: the index is not read beyond that. */
  private static final String OLD =
      """
      WITH RECURSIVE known AS (
        (SELECT tag FROM mayfly_event WHERE tag IS NOT NULL ORDER BY tag LIMIT 1)
        UNION ALL
        SELECT (SELECT e.tag FROM mayfly_event e WHERE e.tag > k.tag ORDER BY e.tag LIMIT 1)
        FROM known k WHERE k.tag IS NOT NULL
      )
      SELECT e.persistence_id, e.sequence_nr, e.tag, e.position,
        e.sequence_nr <= (SELECT r.deleted_to FROM mayfly_key r
          WHERE r.persistence_id = e.persistence_id)
      FROM known k CROSS JOIN LATERAL (
        SELECT * FROM mayfly_event o
        WHERE o.tag = k.tag AND o.position <= ? AND o.position > coalesce(
          (SELECT max(f.position) FROM mayfly_feed_floor f WHERE f.tag = k.tag), 0)
        ORDER BY o.position LIMIT ?) e
      WHERE k.tag IS NOT NULL
      """;

  private static final String DELETE =
      """
      DELETE FROM mayfly_event e USING unnest(?::text[], ?::bigint[]) AS old (id, nr)
      WHERE e.persistence_id = old.id AND e.sequence_nr = old.nr
      """;

  private final PostgresStore store;
  private final long eventsMax;

  FeedAging(PostgresStore store, long eventsMax) {
    this.store = store;
    this.eventsMax = eventsMax;
  }

  /**
   * One step of a pass.
   *
   * @param nowMillis the time now
   * @param oldestMillis the time before which events are old
   * @return whether there may be more to forget
   */
  boolean step(long nowMillis, long oldestMillis) throws SQLException {
    if (!store.permitsWrites()) {
      return false;
    }
    return store.sql().transact(connection -> step(connection, nowMillis, oldestMillis));
  }

  private boolean step(Connection connection, long nowMillis, long oldestMillis)
      throws SQLException {
    if (!locked(connection)) {
      return false;
    }
    update(connection, MARK, nowMillis);
    long old =
        Math.max(number(connection, MARKED, oldestMillis), FeedRows.end(connection) - eventsMax);
    update(connection, UNMARK, oldestMillis);
    return old > 0 && forget(connection, old);
  }

  private boolean forget(Connection connection, long old) throws SQLException {
    List<String> ids = new ArrayList<>();
    List<Long> sequenceNrs = new ArrayList<>();
    Map<String, Long> floors = new HashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(OLD)) {
      statement.setLong(1, old);
      statement.setInt(2, TAG_ROWS);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          floors.merge(rows.getString(3), rows.getLong(4), Math::max);
          counts.merge(rows.getString(3), 1, Integer::sum);
          if (rows.getBoolean(5)) {
            ids.add(rows.getString(1));
            sequenceNrs.add(rows.getLong(2));
          }
        }
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
      statement.setArray(1, connection.createArrayOf("text", ids.toArray(String[]::new)));
      statement.setArray(2, connection.createArrayOf("bigint", sequenceNrs.toArray(Long[]::new)));
      statement.executeUpdate();
    }
    FeedRows.raise(connection, store.shelf(), floors);
    return counts.containsValue(TAG_ROWS);
  }

  private static boolean locked(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TRY_LOCK)) {
      statement.setLong(1, LOCK);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  private static long number(Connection connection, String sql, long parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, parameter);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static void update(Connection connection, String sql, long parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, parameter);
      statement.executeUpdate();
    }
  }
}
