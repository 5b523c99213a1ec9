package io.mayfly.server.local;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Processes that need not be children of this one. */
final class LocalProcess {
  private static final long LOOK_MILLIS = 50;

  private LocalProcess() {}

  /** Asks a process to end and waits for it; in the end, it is not asked any more. */
  static void terminate(Optional<ProcessHandle> process, Duration patience) {
    process.ifPresent(
        running -> {
          running.destroy();
          if (!ends(running, patience)) {
            running.destroyForcibly();
          }
        });
  }

  private static boolean ends(ProcessHandle process, Duration patience) {
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < patience.toNanos()) {
      try {
        process.onExit().get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        // One that has ended without its parent's notice has no command any more.
        if (process.info().command().isEmpty()) {
          return true;
        }
      } catch (ExecutionException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }
}
