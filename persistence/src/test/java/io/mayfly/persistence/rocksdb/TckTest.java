package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.persistence.plugin.Tck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TckTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Queue<Path> DIRECTORIES = new ConcurrentLinkedQueue<>();

  @TempDir static Path temporary;

  /**
   * A store closes after its actor system has terminated, and then its directory can be opened
   * again; before, its files cannot be deleted for good.
   */
  @AfterAll
  static void awaitClosedStores() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    DIRECTORIES.removeIf(
        directory -> {
          while (!closed(directory)) {
            assertThat(System.nanoTime() - deadline).as("%s is in use", directory).isNegative();
            LockSupport.parkNanos(1_000_000);
          }
          return true;
        });
  }

  private static boolean closed(Path directory) {
    try {
      TestStores.open(directory).close();
      return true;
    } catch (StoreUnavailableException e) {
      return false;
    }
  }

  /** A directory for one run. */
  static Path directory() {
    try {
      Path directory = Files.createTempDirectory(temporary, "tck");
      DIRECTORIES.add(directory);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void journal_heldToPekkosSuite_passesEveryTest() {
    Tck.Result result = Tck.run(JournalTck.class);

    assertThat(result).isEqualTo(new Tck.Result(true, 17, 0));
  }

  @Test
  void snapshotStore_heldToPekkosSuite_passesEveryTest() {
    Tck.Result result = Tck.run(SnapshotStoreTck.class);

    assertThat(result).isEqualTo(new Tck.Result(true, 13, 0));
  }
}
