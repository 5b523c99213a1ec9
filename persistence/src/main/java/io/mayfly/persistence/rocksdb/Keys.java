package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;
import java.time.Instant;

/**
 * How keys are spelt. Iteration order is the byte order of the parts: UTF-8 for texts, numeric for
 * numbers. A part of the stored format.
 */
final class Keys {
  /** In META: the ordering number of the last event. */
  static final byte[] LAST_ORDERING = {'o'};

  /** In META: the highest ordering number that may have been given out. */
  static final byte[] RESERVED_ORDERING = {'r'};

  /** In META: by what the store tells its feed's positions from another's. */
  static final byte[] IDENTITY = {'i'};

  /** In META: the highest incarnation that was purged. */
  static final byte[] HIGHEST_PURGED = {'p'};

  /** In META: the number of the last deletion whose bytes must leave the files. */
  static final byte[] OWED = {'d'};

  /**
   * In META: the {@link #OWED} that the last erasure covered. An erasure is owed if they differ.
   */
  static final byte[] ERASURE = {'e'};

  private static final int EVENT_HEAD = 'h';
  private static final int SNAPSHOT_HEAD = 's';
  private static final int DELETED_HEAD = 'd';
  private static final int FEED_FLOOR = 'f';

  private Keys() {}

  /** In HEADS: that a persistence id has events, with the sequence number of one of them. */
  static ByteWriter eventHead(ByteWriter key, String persistenceId) {
    return key.truncate(0).u8(EVENT_HEAD).text(persistenceId);
  }

  static byte[] eventHead(String persistenceId) {
    return eventHead(new ByteWriter(64), persistenceId).toBytes();
  }

  /** In HEADS: the end of the rows of {@link #eventHead}. */
  static byte[] eventHeadsEnd() {
    return new byte[] {EVENT_HEAD + 1};
  }

  /** In HEADS: the sequence number of the latest snapshot of a persistence id. */
  static ByteWriter snapshotHead(ByteWriter key, String persistenceId) {
    return key.truncate(0).u8(SNAPSHOT_HEAD).text(persistenceId);
  }

  static byte[] snapshotHead(String persistenceId) {
    return snapshotHead(new ByteWriter(64), persistenceId).toBytes();
  }

  /** In HEADS: the sequence number up to which a persistence id's events were deleted. */
  static ByteWriter deletedHead(ByteWriter key, String persistenceId) {
    return key.truncate(0).u8(DELETED_HEAD).text(persistenceId);
  }

  /** In META: the highest ordering that the feed of a tag has forgotten. */
  static ByteWriter feedFloor(ByteWriter key, String tag) {
    return key.truncate(0).u8(FEED_FLOOR).text(tag);
  }

  /** In EVENTS, SNAPSHOTS and TAGS: a name, then a number. */
  static ByteWriter numbered(ByteWriter key, String name, long number) {
    return key.truncate(0).part(name).i64(number);
  }

  static byte[] numbered(String name, long number) {
    return numbered(new ByteWriter(64), name, number).toBytes();
  }

  /** In EVENTS, SNAPSHOTS and TAGS: beyond every number of the name. */
  static byte[] numberedEnd(String name) {
    return new ByteWriter(64).part(name).i64(-1L).u8(0).toBytes();
  }

  /** In LISTING: a namespace, then a key or what keys start with. */
  static ByteWriter listing(ByteWriter key, String namespace, String name) {
    return key.truncate(0).part(namespace).text(name);
  }

  /** In EXPIRY: a namespace, a deadline, then a key or what keys start with. */
  static ByteWriter expiry(ByteWriter key, String namespace, Instant expiresAt, String name) {
    return key.truncate(0).part(namespace).instant(expiresAt).text(name);
  }

  /** In WAKE: a slice, an instant, then a persistence id. */
  static ByteWriter wake(ByteWriter key, int slice, Instant at, String persistenceId) {
    return key.truncate(0).u8(slice).instant(at).text(persistenceId);
  }
}
