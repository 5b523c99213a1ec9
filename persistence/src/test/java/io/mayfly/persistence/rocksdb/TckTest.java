package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scalatest.Reporter;
import org.scalatest.events.Event;
import org.scalatest.events.TestCanceled;
import org.scalatest.events.TestFailed;
import org.scalatest.events.TestIgnored;
import org.scalatest.events.TestPending;
import org.scalatest.events.TestSucceeded;
import org.scalatest.tools.Runner;

final class TckTest {
  private static final AtomicInteger SUCCEEDED = new AtomicInteger();
  private static final AtomicInteger OTHER = new AtomicInteger();

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
    boolean passed = run(JournalTck.class);

    assertThat(passed).isTrue();
    assertThat(SUCCEEDED.get()).isEqualTo(17);
    assertThat(OTHER.get()).isZero();
  }

  @Test
  void snapshotStore_heldToPekkosSuite_passesEveryTest() {
    boolean passed = run(SnapshotStoreTck.class);

    assertThat(passed).isTrue();
    assertThat(SUCCEEDED.get()).isEqualTo(13);
    assertThat(OTHER.get()).isZero();
  }

  private static boolean run(Class<?> suite) {
    SUCCEEDED.set(0);
    OTHER.set(0);
    String classes = suite.getProtectionDomain().getCodeSource().getLocation().getPath();
    return Runner.run(
        new String[] {
          "-oW", "-C", Counter.class.getName(), "-s", suite.getName(), "-R", classes, "-P1"
        });
  }

  /** Counts what ScalaTest reports. */
  public static final class Counter implements Reporter {
    @Override
    public void apply(Event event) {
      if (event instanceof TestSucceeded) {
        SUCCEEDED.incrementAndGet();
      } else if (event instanceof TestFailed
          || event instanceof TestCanceled
          || event instanceof TestIgnored
          || event instanceof TestPending) {
        OTHER.incrementAndGet();
      }
    }
  }
}
