package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.persistence.plugin.EventCodec;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * Snapshots, and per persistence id the sequence number of the latest one. Confined to the snapshot
 * store's thread.
 *
 * <p>Invariant: an id has a head if and only if it has a snapshot.
 */
final class Snapshots {
  private final RocksStore store;
  private final Database database;
  private final EventCodec codec;
  private final InstantSource clock;
  private final ByteWriter key = new ByteWriter(128);
  private final ByteWriter value = new ByteWriter(1024);
  private final ComposedBatch batch;

  Snapshots(RocksStore store, EventCodec codec, InstantSource clock) {
    this.store = store;
    this.database = store.database();
    this.codec = codec;
    this.clock = clock;
    this.batch = database.newBatch();
  }

  /** The latest snapshot that meets the criteria; absent when there is none. */
  @Nullable SelectedSnapshot load(String id, SnapshotSelectionCriteria criteria) {
    if (database.number(Column.HEADS, Keys.snapshotHead(key, id)) < 0
        || criteria.maxSequenceNr() < 0) {
      return null;
    }
    AtomicReference<@Nullable SelectedSnapshot> found = new AtomicReference<>();
    database.scanDown(
        Column.SNAPSHOTS,
        new ByteWriter(64).raw(Keys.numbered(id, criteria.maxSequenceNr())).u8(0).toBytes(),
        Keys.numbered(id, Math.max(0, criteria.minSequenceNr())),
        (stored, bytes) -> {
          ByteReader reader = new ByteReader(bytes);
          long timestamp = reader.i64();
          if (!matches(timestamp, criteria)) {
            return true;
          }
          found.set(read(id, ByteReader.lastI64(stored), timestamp, reader));
          return false;
        });
    return found.get();
  }

  /** Stores a snapshot; returns its metadata with the time of storing. */
  SnapshotMetadata save(SnapshotMetadata metadata, Object snapshot) {
    String id = metadata.persistenceId();
    long timestamp = clock.millis();
    Option<Object> extra = metadata.metadata();
    value.truncate(0).i64(timestamp).u8(extra.isDefined() ? 1 : 0);
    if (extra.isDefined()) {
      codec.writeObject(value, extra.get());
    }
    codec.writeObject(value, snapshot);
    batch.put(Column.SNAPSHOTS, Keys.numbered(key, id, metadata.sequenceNr()), value);
    long latest = database.number(Column.HEADS, Keys.snapshotHead(key, id));
    value.truncate(0).i64(Math.max(latest, metadata.sequenceNr()));
    batch.put(Column.HEADS, Keys.snapshotHead(key, id), value);
    commit();
    return new SnapshotMetadata(id, metadata.sequenceNr(), timestamp, extra);
  }

  void delete(String id, SnapshotSelectionCriteria criteria) {
    if (database.number(Column.HEADS, Keys.snapshotHead(key, id)) < 0) {
      return;
    }
    long[] latestLeft = {-1};
    database.scan(
        Column.SNAPSHOTS,
        Keys.numbered(id, 0),
        Keys.numberedEnd(id),
        (stored, bytes) -> {
          long sequenceNr = ByteReader.lastI64(stored);
          if (sequenceNr >= criteria.minSequenceNr()
              && sequenceNr <= criteria.maxSequenceNr()
              && matches(new ByteReader(bytes).i64(), criteria)) {
            batch.delete(Column.SNAPSHOTS, key.truncate(0).raw(stored));
          } else {
            latestLeft[0] = sequenceNr;
          }
          return true;
        });
    if (latestLeft[0] < 0) {
      batch.delete(Column.HEADS, Keys.snapshotHead(key, id));
    } else {
      batch.put(Column.HEADS, Keys.snapshotHead(key, id), value.truncate(0).i64(latestLeft[0]));
    }
    batch.oweErasure(store.erasure().nextOwed());
    commit();
    store.erasure().request();
  }

  private void commit() {
    try {
      store.write(batch);
    } finally {
      batch.clear();
    }
  }

  private SelectedSnapshot read(String id, long sequenceNr, long timestamp, ByteReader reader) {
    Option<Object> extra =
        reader.u8() == 1 ? Option.apply(codec.readObject(reader)) : Option.empty();
    return new SelectedSnapshot(
        new SnapshotMetadata(id, sequenceNr, timestamp, extra), codec.readObject(reader));
  }

  /** The state in a stored snapshot. */
  static Object state(EventCodec codec, byte[] stored) {
    ByteReader reader = new ByteReader(stored).skip(8);
    if (reader.u8() == 1) {
      codec.readObject(reader);
    }
    return codec.readObject(reader);
  }

  private static boolean matches(long timestamp, SnapshotSelectionCriteria criteria) {
    return timestamp >= criteria.minTimestamp() && timestamp <= criteria.maxTimestamp();
  }
}
