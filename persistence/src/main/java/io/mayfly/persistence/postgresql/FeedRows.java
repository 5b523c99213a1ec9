package io.mayfly.persistence.postgresql;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The feed as it stands in the tables. */
final class FeedRows {
  private static final String END = "SELECT position FROM mayfly_feed";
  private static final String SERIES = "SELECT series FROM mayfly_feed";
  private static final String FLOORS =
      "SELECT tag, max(position) FROM mayfly_feed_floor WHERE tag = ANY (?) GROUP BY tag";
  private static final String RAISE =
      """
      INSERT INTO mayfly_feed_floor AS known (tag, shelf, position)
      SELECT tag, ?, position FROM unnest(?::text[], ?::bigint[]) AS raised (tag, position)
      ON CONFLICT (tag, shelf) DO UPDATE
      SET position = greatest(known.position, excluded.position)
      """;
  private static final String ROWS =
      """
      SELECT tag, position, stored FROM mayfly_event
      WHERE tag = ANY (?) AND position > ? AND position <= ? ORDER BY position LIMIT ?
      """;
  private static final int FETCH_ROWS = 50;

  private FeedRows() {}

  /** An event as the feed finds it. */
  static final class Row {
    private final String tag;
    private final long position;
    private final byte[] stored;

    private Row(String tag, long position, byte[] stored) {
      this.tag = tag;
      this.position = position;
      this.stored = stored;
    }

    String tag() {
      return tag;
    }

    long position() {
      return position;
    }

    byte[] stored() {
      return stored;
    }
  }

  /** The newest position. */
  static long end(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(END);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The name of the positions of this database. */
  static String series(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SERIES);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Up to where tags tell nothing any more; those that tell everything are left out. */
  static Map<String, Long> floors(Connection connection, Collection<String> tags)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FLOORS)) {
      statement.setArray(1, texts(connection, tags));
      Map<String, Long> floors = new HashMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          floors.put(rows.getString(1), rows.getLong(2));
        }
      }
      return floors;
    }
  }

  /** Lets tags forget everything up to a position. */
  static void raise(Connection connection, short shelf, Map<String, Long> floors)
      throws SQLException {
    if (floors.isEmpty()) {
      return;
    }
    // In the order of the tags, so that no two transactions wait for each other.
    Map<String, Long> ordered = new TreeMap<>(floors);
    try (PreparedStatement statement = connection.prepareStatement(RAISE)) {
      statement.setShort(1, shelf);
      statement.setArray(2, texts(connection, ordered.keySet()));
      statement.setArray(
          3, connection.createArrayOf("bigint", ordered.values().toArray(Long[]::new)));
      statement.executeUpdate();
    }
  }

  /**
   * Events of tags in their order.
   *
   * @param after the position before the first one
   * @param to the last position
   * @param bytesMax where to stop early; the list then ends with the event that went beyond
   */
  static List<Row> between(
      Connection connection, Collection<String> tags, long after, long to, int limit, long bytesMax)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
      statement.setFetchSize(FETCH_ROWS);
      statement.setArray(1, texts(connection, tags));
      statement.setLong(2, after);
      statement.setLong(3, to);
      statement.setInt(4, limit);
      List<Row> found = new ArrayList<>();
      long bytes = 0;
      try (ResultSet rows = statement.executeQuery()) {
        while (bytes < bytesMax && rows.next()) {
          Row row = new Row(rows.getString(1), rows.getLong(2), rows.getBytes(3));
          bytes += row.stored().length;
          found.add(row);
        }
      }
      return found;
    }
  }

  private static Array texts(Connection connection, Collection<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray(String[]::new));
  }
}
