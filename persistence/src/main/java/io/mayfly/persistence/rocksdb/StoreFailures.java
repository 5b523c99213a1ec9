package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.rocksdb.StoreUnavailableException.Reason;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB reports, said so that an operator knows what to do. */
final class StoreFailures {
  private StoreFailures() {}

  static StoreUnavailableException of(Path path, RocksDBException cause) {
    String message = String.valueOf(cause.getMessage());
    Status status = cause.getStatus();
    if (isNoSpace(message) || isNoSpace(status)) {
      return noSpace(path, cause);
    }
    if (message.contains("Permission denied") || message.contains("Read-only file system")) {
      return notWritable(path, "cannot be written", cause);
    }
    if (message.contains("/LOCK")) {
      return new StoreUnavailableException(
          Reason.IN_USE,
          "the database in "
              + path
              + " is in use by another process. Stop that one, or name another directory.",
          cause);
    }
    if ((status != null && status.getCode() == Status.Code.Corruption)
        || message.contains("No such file")) {
      return corrupt(path, message, cause);
    }
    return new StoreUnavailableException(
        Reason.FAILED,
        "the store in " + path + " failed (" + message + "). Check the disk, then start again.",
        cause);
  }

  static StoreUnavailableException notWritable(Path path, String what, Exception cause) {
    if (isNoSpace(cause.getMessage())) {
      return noSpace(path, cause);
    }
    return new StoreUnavailableException(
        Reason.NOT_WRITABLE,
        "data directory "
            + path
            + ' '
            + what
            + " ("
            + cause
            + "). Check the path, its owner and its permissions.",
        cause);
  }

  static StoreUnavailableException corrupt(Path path, String what, @Nullable Throwable cause) {
    return new StoreUnavailableException(
        Reason.CORRUPT,
        "the store in "
            + path
            + " is damaged ("
            + what
            + "). Nothing is served from it and nothing was changed. Check the disk; restore the"
            + " directory from a backup, or move it away to start with an empty one.",
        cause);
  }

  static StoreUnavailableException noSpace(Path path, Throwable cause) {
    return new StoreUnavailableException(
        Reason.NO_SPACE,
        "the disk that holds " + path + " is full. Make room, then start again.",
        cause);
  }

  static StoreUnavailableException closed(Path path) {
    return new StoreUnavailableException(
        Reason.CLOSED, "the store in " + path + " is closed.", null);
  }

  static boolean isNoSpace(@Nullable String message) {
    return message != null
        && (message.contains("No space left") || message.contains("File too large"));
  }

  private static boolean isNoSpace(@Nullable Status status) {
    return status != null && status.getSubCode() == Status.SubCode.NoSpace;
  }
}
