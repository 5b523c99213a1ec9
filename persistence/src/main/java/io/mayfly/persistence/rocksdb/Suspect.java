package io.mayfly.persistence.rocksdb;

import org.jspecify.annotations.Nullable;

/** What did not agree when it was compared, and is compared again before it is repaired. */
final class Suspect {
  private final @Nullable String persistenceId;
  private final @Nullable Column column;
  private final byte @Nullable [] key;

  private Suspect(@Nullable String persistenceId, @Nullable Column column, byte @Nullable [] key) {
    this.persistenceId = persistenceId;
    this.column = column;
    this.key = key;
  }

  /** A key of the journal whose rows are not as they should be. */
  static Suspect ofKey(String persistenceId) {
    return new Suspect(persistenceId, null, null);
  }

  /**
   * A row that should not be there.
   *
   * @param persistenceId whose row it is; absent when the row cannot be read
   */
  static Suspect ofRow(@Nullable String persistenceId, Column column, byte[] key) {
    return new Suspect(persistenceId, column, key);
  }

  @Nullable String persistenceId() {
    return persistenceId;
  }

  @Nullable Column column() {
    return column;
  }

  byte @Nullable [] key() {
    return key;
  }
}
