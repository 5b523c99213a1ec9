package io.mayfly.benchmarks.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process and a directory of its own. Both are gone after {@link #close()}. */
public final class ServerUnderTest implements AutoCloseable {
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern READY = Pattern.compile("is ready at (http://[^\\s/]+)");
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final String MAYFLY = "io.mayfly.server.Main";

  private final Process process;
  private final TemporaryDirectory directory;
  private final Path log;
  private final Thread reaper;
  private URI uri = URI.create("http://not.ready");

  private ServerUnderTest(List<String> command, TemporaryDirectory directory) throws IOException {
    this.directory = directory;
    log = directory.path().resolve("server.log");
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    reaper = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(reaper);
  }

  /** Starts the bare server. */
  public static ServerUnderTest bare(Jdk jdk) throws IOException, InterruptedException {
    TemporaryDirectory directory = TemporaryDirectory.create("mayfly-bench-bare");
    return ready(
        new ServerUnderTest(jdk.command(BareServer.class.getName(), List.of()), directory));
  }

  /** Starts a Mayfly server with settings of the form {@code key=value}. */
  public static ServerUnderTest mayfly(Jdk jdk, List<String> settings)
      throws IOException, InterruptedException {
    TemporaryDirectory directory = TemporaryDirectory.create("mayfly-bench");
    return mayfly(directory, directory.path().resolve("data"), jdk, settings);
  }

  /** Starts a Mayfly server on a data directory that outlives it. */
  public static ServerUnderTest mayflyOn(Path data, Jdk jdk, List<String> settings)
      throws IOException, InterruptedException {
    return mayfly(TemporaryDirectory.create("mayfly-bench"), data, jdk, settings);
  }

  private static ServerUnderTest mayfly(
      TemporaryDirectory directory, Path data, Jdk jdk, List<String> settings)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("server", "--port", freePort()));
    arguments.addAll(List.of("--data", data.toString()));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return ready(new ServerUnderTest(jdk.command(MAYFLY, arguments), directory));
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  private static ServerUnderTest ready(ServerUnderTest server)
      throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < START_MAX.toNanos()) {
      Matcher matcher = READY.matcher(Files.readString(server.log));
      if (matcher.find()) {
        server.uri = URI.create(matcher.group(1));
        return server;
      }
      if (server.process.waitFor(20, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    String output = Files.readString(server.log);
    server.close();
    throw new IllegalStateException("server did not become ready:\n" + output);
  }

  /** Where it listens. */
  public URI uri() {
    return uri;
  }

  /** Where it listens, as a socket address. */
  public InetSocketAddress address() {
    return new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Its heap in use and what it has of the machine's memory, in words. */
  public String memory() throws IOException {
    long heap = 0;
    for (String line : metrics().lines().toList()) {
      if (line.startsWith("jvm_memory_used_bytes{area=\"heap\"")) {
        heap = (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    return "heap %d MiB, RSS %d MiB".formatted(heap >> 20, residentBytes() >> 20);
  }

  /** What its process has of the machine's memory. */
  public long residentBytes() throws IOException {
    Matcher rss = RSS.matcher(Files.readString(Path.of("/proc/" + pid() + "/status")));
    if (!rss.find()) {
      throw new IllegalStateException("no VmRSS of " + pid());
    }
    return Long.parseLong(rss.group(1)) << 10;
  }

  private String metrics() throws IOException {
    try (InputStream answer = uri.resolve("/metrics").toURL().openStream()) {
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The processor time that it has used so far, in steps of the kernel's tick (10 ms). */
  public long cpuNanos() {
    Optional<Duration> used = process.info().totalCpuDuration();
    return used.map(Duration::toNanos).orElse(0L);
  }

  /**
   * Stops the process where it is, warm and with all its state, until {@link #resume()}: it then
   * takes nothing from the server under measurement, neither for timers nor for garbage.
   */
  public void pause() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** Lets a paused process go on. */
  public void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("kill", signal, Long.toString(pid())).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("kill " + signal + ": server is gone");
    }
  }

  /** Lets time pass, and fails when the server ends meanwhile. */
  public void pass(long millis) throws InterruptedException {
    if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("server ended with " + process.exitValue());
    }
  }

  /** Stops it as an operator does, and waits until it is down. */
  public void stop() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Runtime.getRuntime().removeShutdownHook(reaper);
      directory.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
