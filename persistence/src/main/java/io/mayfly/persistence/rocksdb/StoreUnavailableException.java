package io.mayfly.persistence.rocksdb;

import org.jspecify.annotations.Nullable;

/** The store cannot be opened, or can no longer write. The message says what to do about it. */
public final class StoreUnavailableException extends RuntimeException {
  /** What kind of trouble it is. */
  public enum Reason {
    /** The directory can be neither created nor written. */
    NOT_WRITABLE,
    /** The directory belongs to something else. */
    FOREIGN_FILES,
    /** A version of Mayfly wrote the directory that this one does not understand. */
    UNKNOWN_FORMAT,
    /** Another process, or another store in this one, holds the directory. */
    IN_USE,
    /** Stored bytes are not what was written. */
    CORRUPT,
    /** The disk is full. */
    NO_SPACE,
    /** The disk failed in another way. */
    FAILED,
    /** The store was closed. */
    CLOSED
  }

  private final Reason reason;

  StoreUnavailableException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What kind of trouble it is. */
  public Reason reason() {
    return reason;
  }
}
