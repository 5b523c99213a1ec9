package io.mayfly.persistence.postgresql;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.persistence.plugin.EventCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.jspecify.annotations.Nullable;
import scala.Option;

/** Snapshots as they stand in their table. */
final class SnapshotRows {
  private static final String KNOWN =
      "SELECT DISTINCT persistence_id FROM mayfly_snapshot WHERE persistence_id = ANY (?)";
  private static final String CHOSEN =
      """
      persistence_id = ? AND sequence_nr BETWEEN ? AND ? AND stored_at_ms BETWEEN ? AND ?
      """;
  private static final String LATEST =
      "SELECT sequence_nr, stored_at_ms, stored FROM mayfly_snapshot WHERE "
          + CHOSEN
          + " ORDER BY sequence_nr DESC LIMIT 1";
  private static final String DELETE = "DELETE FROM mayfly_snapshot WHERE " + CHOSEN;
  private static final String SAVE =
      """
      INSERT INTO mayfly_snapshot (persistence_id, sequence_nr, stored_at_ms, stored)
      VALUES (?, ?, ?, ?)
      ON CONFLICT (persistence_id, sequence_nr)
      DO UPDATE SET stored_at_ms = excluded.stored_at_ms, stored = excluded.stored
      """;

  private final Sql sql;
  private final EventCodec codec;
  private final InstantSource clock;

  SnapshotRows(Sql sql, EventCodec codec, InstantSource clock) {
    this.sql = sql;
    this.codec = codec;
    this.clock = clock;
  }

  /** Those of the ids that have a snapshot. */
  Set<String> known(String[] ids) {
    return sql.ask(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
            statement.setArray(1, connection.createArrayOf("text", ids));
            Set<String> known = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                known.add(rows.getString(1));
              }
            }
            return known;
          }
        });
  }

  /** The latest snapshot that meets the criteria; absent when there is none. */
  @Nullable SelectedSnapshot load(String id, SnapshotSelectionCriteria criteria) {
    return sql.ask(
        connection -> {
          try (PreparedStatement statement = chosen(connection, LATEST, id, criteria);
              ResultSet rows = statement.executeQuery()) {
            return rows.next() ? read(id, rows) : null;
          }
        });
  }

  /** Stores a snapshot; returns its metadata with the time of storing. */
  SnapshotMetadata save(SnapshotMetadata metadata, Object snapshot) {
    long storedAtMillis = clock.millis();
    Option<Object> extra = metadata.metadata();
    ByteWriter stored = new ByteWriter(1024).u8(extra.isDefined() ? 1 : 0);
    if (extra.isDefined()) {
      codec.writeObject(stored, extra.get());
    }
    codec.writeObject(stored, snapshot);
    sql.ask(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(SAVE)) {
            Sql.set(
                statement,
                metadata.persistenceId(),
                metadata.sequenceNr(),
                storedAtMillis,
                stored.toBytes());
            return statement.executeUpdate();
          }
        });
    return new SnapshotMetadata(
        metadata.persistenceId(), metadata.sequenceNr(), storedAtMillis, extra);
  }

  void delete(String id, SnapshotSelectionCriteria criteria) {
    sql.ask(
        connection -> {
          try (PreparedStatement statement = chosen(connection, DELETE, id, criteria)) {
            return statement.executeUpdate();
          }
        });
  }

  /** The state in a stored snapshot. */
  static Object state(EventCodec codec, byte[] stored) {
    ByteReader reader = new ByteReader(stored);
    if (reader.u8() == 1) {
      codec.readObject(reader);
    }
    return codec.readObject(reader);
  }

  private static PreparedStatement chosen(
      Connection connection, String text, String id, SnapshotSelectionCriteria criteria)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(text);
    try {
      Sql.set(
          statement,
          id,
          criteria.minSequenceNr(),
          criteria.maxSequenceNr(),
          criteria.minTimestamp(),
          criteria.maxTimestamp());
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  private SelectedSnapshot read(String id, ResultSet rows) throws SQLException {
    ByteReader reader = new ByteReader(rows.getBytes(3));
    Option<Object> extra =
        reader.u8() == 1 ? Option.apply(codec.readObject(reader)) : Option.empty();
    return new SelectedSnapshot(
        new SnapshotMetadata(id, rows.getLong(1), rows.getLong(2), extra),
        codec.readObject(reader));
  }
}
