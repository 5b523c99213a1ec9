package io.mayfly.persistence.rocksdb;

import static io.mayfly.persistence.rocksdb.StoreUnavailableException.Reason.FOREIGN_FILES;
import static io.mayfly.persistence.rocksdb.StoreUnavailableException.Reason.IN_USE;
import static io.mayfly.persistence.rocksdb.StoreUnavailableException.Reason.UNKNOWN_FORMAT;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds the store, and the claim to it: a marker of the format, a lock, a marker
 * of the last clean stop, and the database in {@code db}.
 */
final class DataDirectory implements AutoCloseable {
  /** The one version of the format that this code reads and writes. */
  static final String FORMAT = "mayfly-store 1";

  static final String FORMAT_FILE = "mayfly.format";
  private static final String FORMAT_DRAFT = "mayfly.format.tmp";
  private static final String LOCK_FILE = "mayfly.lock";
  private static final String CLEAN_FILE = "mayfly.clean";
  private static final Set<String> NOT_FOREIGN = Set.of(FORMAT_DRAFT, LOCK_FILE, "lost+found");

  private final Path path;
  private final FileChannel lock;
  private final boolean created;

  private DataDirectory(Path path, FileChannel lock, boolean created) {
    this.path = path;
    this.lock = lock;
    this.created = created;
  }

  /** Creates the directory if need be, and claims it until closed. */
  static DataDirectory claim(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw StoreFailures.notWritable(path, "cannot be created", e);
    }
    try {
      refuseForeign(path);
      FileChannel lock = lock(path);
      try {
        return new DataDirectory(path, lock, settleFormat(path));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw StoreFailures.notWritable(path, "cannot be written", e);
    }
  }

  /** Where the database is. */
  Path database() {
    return path.resolve("db");
  }

  /** Whether there was no store here before. */
  boolean created() {
    return created;
  }

  /** Whether the last stop was clean. From now on it counts as unclean, until marked. */
  boolean takeCleanMark() {
    try {
      return Files.deleteIfExists(path.resolve(CLEAN_FILE));
    } catch (IOException e) {
      throw StoreFailures.notWritable(path, "cannot be written", e);
    }
  }

  /** Remembers that everything was written and synced. */
  void markClean() {
    try {
      Files.writeString(path.resolve(CLEAN_FILE), "clean\n");
    } catch (IOException e) {
      throw StoreFailures.notWritable(path, "cannot be written", e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw StoreFailures.notWritable(path, "cannot be released", e);
    }
  }

  private static void refuseForeign(Path path) throws IOException {
    if (Files.exists(path.resolve(FORMAT_FILE))) {
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      List<String> foreign =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !NOT_FOREIGN.contains(name))
              .sorted()
              .limit(3)
              .toList();
      if (!foreign.isEmpty()) {
        throw new StoreUnavailableException(
            FOREIGN_FILES,
            "data directory "
                + path
                + " holds files that are not Mayfly's ("
                + String.join(", ", foreign)
                + "); nothing was touched. Name an empty directory, or one that Mayfly made.",
            null);
      }
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse(path, e);
    }
    channel.close();
    throw inUse(path, null);
  }

  /** Checks the marker, or writes it; returns whether it was written. */
  private static boolean settleFormat(Path path) throws IOException {
    Path marker = path.resolve(FORMAT_FILE);
    if (Files.exists(marker)) {
      String format = Files.readString(marker).strip();
      if (!format.equals(FORMAT)) {
        throw new StoreUnavailableException(
            UNKNOWN_FORMAT,
            "data directory "
                + path
                + " has the format \""
                + format
                + "\", and this version of Mayfly reads only \""
                + FORMAT
                + "\". Start the version that wrote it.",
            null);
      }
      return false;
    }
    Path draft = path.resolve(FORMAT_DRAFT);
    Files.writeString(draft, FORMAT + "\n", StandardOpenOption.CREATE, StandardOpenOption.SYNC);
    Files.move(draft, marker, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
      directory.force(true);
    }
    return true;
  }

  private static StoreUnavailableException inUse(Path path, @Nullable Throwable cause) {
    return new StoreUnavailableException(
        IN_USE,
        "data directory "
            + path
            + " is in use by another Mayfly. Stop that one, or name another directory.",
        cause);
  }
}
