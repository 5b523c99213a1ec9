package io.mayfly.cli.lease;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A program that runs while a lease is held, and no longer. */
public final class Program {
  private static final Duration GRACE_MAX = Duration.ofSeconds(2);
  private static final int GRACE_SHARE = 5;

  private final Process process;
  private final Duration grace;

  private Program(Process process, Duration grace) {
    this.process = process;
    this.grace = grace;
  }

  /**
   * Starts a program on this process's own streams.
   *
   * @param more what its environment has besides
   * @param ttl of the lease; a fifth of it, at most 2 s, is what the program has to end by itself
   */
  public static Program start(List<String> command, Map<String, String> more, Duration ttl)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(more);
    Duration share = ttl.dividedBy(GRACE_SHARE);
    return new Program(builder.start(), share.compareTo(GRACE_MAX) < 0 ? share : GRACE_MAX);
  }

  /**
   * Waits until the program ends by itself, or the lease is lost or about to be: then it is ended,
   * so that it is gone when somebody else may hold the lease.
   *
   * @return whether it ended by itself
   */
  public boolean runUnder(Tenure tenure) throws InterruptedException {
    CompletableFuture<?> either = CompletableFuture.anyOf(process.onExit(), tenure.lost());
    while (!either.isDone()) {
      Duration safe = tenure.deadline().left().minus(grace);
      if (safe.isNegative() || safe.isZero()) {
        break;
      }
      try {
        var unused = either.get(safe.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // A renewal may have moved the deadline meanwhile: it is looked at again.
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    if (!process.isAlive()) {
      return true;
    }
    end();
    return false;
  }

  /** Asks it and all that it started to end, and makes them end when the grace is over. */
  public void end() throws InterruptedException {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    all.forEach(ProcessHandle::destroy);
    var unused = process.waitFor(grace.toNanos(), TimeUnit.NANOSECONDS);
    all.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
  }

  /** Its exit code, once it has ended. */
  public int exitCode() {
    return process.exitValue();
  }
}
