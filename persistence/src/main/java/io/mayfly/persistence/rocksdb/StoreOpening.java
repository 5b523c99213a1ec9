package io.mayfly.persistence.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps from a claimed directory to an open database. */
final class StoreOpening {
  private static final Logger LOG = LoggerFactory.getLogger(RocksStore.class);

  private StoreOpening() {}

  static Database open(DataDirectory directory, StoreSettings settings) {
    Path path = directory.database();
    try {
      refuseHeadless(path);
      dropTornTail(path);
      Files.createDirectories(path);
    } catch (IOException e) {
      throw StoreFailures.notWritable(path, "cannot be read or written", e);
    }
    Database database = Database.open(path, settings);
    try {
      if (settings.verifyAtStart()) {
        database.verify();
      }
      boolean clean = directory.takeCleanMark();
      if (!clean && !directory.created()) {
        LOG.info("last stop was unclean; recovered the journal in {}", path);
      }
      return database;
    } catch (RuntimeException e) {
      database.close(false);
      throw e;
    }
  }

  /** RocksDB would start afresh over the files of a database that lost its CURRENT file. */
  private static void refuseHeadless(Path path) throws IOException {
    if (!Files.isDirectory(path) || Files.exists(path.resolve("CURRENT"))) {
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      if (files.anyMatch(file -> file.toString().endsWith(".sst"))) {
        throw StoreFailures.corrupt(path, "its file CURRENT is missing", null);
      }
    }
  }

  private static void dropTornTail(Path path) throws IOException {
    Optional<WalTail> found = WalTail.inspectNewest(path);
    if (found.isEmpty()) {
      return;
    }
    WalTail tail = found.get();
    if (tail.damagedAt() >= 0) {
      throw StoreFailures.corrupt(
          path, tail.file().getFileName() + " is wrong at byte " + tail.damagedAt(), null);
    }
    if (tail.tornBytes() > 0) {
      LOG.warn(
          "dropped {} bytes of an unfinished write at the end of {}",
          tail.tornBytes(),
          tail.file());
      tail.truncate();
    }
  }
}
