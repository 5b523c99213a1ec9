package io.mayfly.multinode.cluster;

import io.mayfly.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own, which ends with {@link #close()} or, at the latest, with the
 * JVM of the tests.
 */
public final class ServerProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("Mayfly is ready at (http://[^\\s/]+)");
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final AtomicInteger LOGS = new AtomicInteger();
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final Process process;
  private final Path log;
  private final long startNanos = System.nanoTime();

  private ServerProcess(ServerSpec spec) throws IOException {
    Path logs = Path.of(System.getProperty("basedir", "."), "target", "servers");
    Files.createDirectories(logs);
    log = logs.resolve(spec.name() + "-" + LOGS.incrementAndGet() + ".log");
    process =
        new ProcessBuilder(spec.command())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    RUNNING.add(process);
  }

  /** Launches a server and waits until it is ready. */
  public static ServerProcess start(ServerSpec spec) {
    ServerProcess server = launch(spec);
    try {
      Await.until(
          "server ready, see " + server.log,
          START_MAX,
          () -> server.isReady() || !server.process.isAlive());
      if (!server.isReady()) {
        throw new AssertionError("server ended while starting:\n" + server.output());
      }
      return server;
    } catch (AssertionError e) {
      server.close();
      throw e;
    }
  }

  /** Launches a server and waits for nothing. */
  public static ServerProcess launch(ServerSpec spec) {
    try {
      return new ServerProcess(spec);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it has printed that it is ready. */
  public boolean isReady() {
    return READY.matcher(output()).find();
  }

  /** Where it listens. Holds once it is ready. */
  public URI uri() {
    Matcher matcher = READY.matcher(output());
    if (!matcher.find()) {
      throw new IllegalStateException("server is not ready, see " + log);
    }
    return URI.create(matcher.group(1));
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** How long ago it was launched. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** All that it printed. */
  public String output() {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it with SIGKILL, as a crash does, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    waitFor(Duration.ofSeconds(10));
  }

  /** Stops its processor time with SIGSTOP, as a long pause does. */
  public void pause() {
    signal("STOP");
  }

  /** Continues it after {@link #pause()}. */
  public void resume() {
    signal("CONT");
  }

  /** Asks it to end with SIGTERM; returns its exit code. */
  public int terminate(Duration limit) {
    signal("TERM");
    return waitFor(limit)
        .orElseThrow(() -> new AssertionError("still running " + limit + " after SIGTERM"));
  }

  /** Its exit code, once it has ended; empty when it has not within the limit. */
  public OptionalInt waitFor(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
          ? OptionalInt.of(process.exitValue())
          : OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("kill -" + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    kill();
    RUNNING.remove(process);
  }
}
