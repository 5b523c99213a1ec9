package io.mayfly.server.local;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Processes that are not children of this one. */
final class LocalProcess {
  private LocalProcess() {}

  /** Asks a process to end and waits for it; in the end, it is not asked any more. */
  static void terminate(Optional<ProcessHandle> process, Duration patience) {
    process.ifPresent(
        running -> {
          running.destroy();
          try {
            running.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
          } catch (TimeoutException | ExecutionException e) {
            running.destroyForcibly();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
