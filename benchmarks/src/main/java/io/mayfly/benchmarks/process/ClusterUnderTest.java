package io.mayfly.benchmarks.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A cluster on this machine with a database and a directory of its own, gone when closed. */
public final class ClusterUnderTest implements AutoCloseable {
  private static final String READY = "cluster ready";
  private static final Pattern NODE = Pattern.compile("node \\d+ pid (\\d+) http (\\S+)");
  private static final Duration START_MAX = Duration.ofMinutes(2);
  private static final String MAIN = "io.mayfly.server.Main";
  private static final int PORT_MIN = 21_000;
  private static final int ROWS = 900;
  private static final int ROW = 10;

  private final Process process;
  private final TemporaryDirectory directory;
  private final Thread stopper;
  private final List<Node> nodes = new ArrayList<>();

  private record Node(long pid, InetSocketAddress address) {}

  private ClusterUnderTest(List<String> command, TemporaryDirectory directory) throws IOException {
    this.directory = directory;
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
    stopper = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(stopper);
  }

  /**
   * Starts nodes, and returns when all of them serve.
   *
   * @param settings of every node, of the form {@code key=value}
   */
  public static ClusterUnderTest start(Jdk jdk, int nodes, List<String> settings)
      throws IOException, InterruptedException {
    TemporaryDirectory directory = TemporaryDirectory.create("mayfly-bench-cluster");
    List<String> arguments = new ArrayList<>(List.of("cluster", "--nodes", String.valueOf(nodes)));
    arguments.addAll(List.of("--port", String.valueOf(freeRow(nodes))));
    arguments.addAll(List.of("--data", directory.path().resolve("data").toString()));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    ClusterUnderTest cluster = new ClusterUnderTest(jdk.command(MAIN, arguments), directory);
    cluster.awaitReady();
    return cluster;
  }

  private Path log() {
    return directory.path().resolve("cluster.log");
  }

  private void awaitReady() throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    while (!Files.readString(log()).contains(READY)) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS)
          || System.nanoTime() - startNanos > START_MAX.toNanos()) {
        String output = Files.readString(log());
        close();
        throw new IllegalStateException("cluster did not become ready:\n" + output);
      }
    }
    Matcher matcher = NODE.matcher(Files.readString(log()));
    while (matcher.find()) {
      URI uri = URI.create(matcher.group(2));
      nodes.add(
          new Node(
              Long.parseLong(matcher.group(1)),
              new InetSocketAddress(uri.getHost(), uri.getPort())));
    }
  }

  /** The first of several ports that were free a moment ago, below those that are given away. */
  private static int freeRow(int length) {
    for (int row = (int) (ProcessHandle.current().pid() % ROWS); row < 2 * ROWS; row++) {
      int port = PORT_MIN + row % ROWS * ROW;
      boolean free = true;
      for (int i = 0; i < length; i++) {
        free &= free(port + i);
      }
      if (free) {
        return port;
      }
    }
    throw new IllegalStateException("no " + length + " ports in a row are free");
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Where each node listens. */
  public List<InetSocketAddress> addresses() {
    return nodes.stream().map(Node::address).toList();
  }

  /** The processor time that all nodes have used so far, without the database's. */
  public long cpuNanos() {
    return nodes.stream()
        .map(
            node ->
                ProcessHandle.of(node.pid()).flatMap(handle -> handle.info().totalCpuDuration()))
        .flatMap(Optional::stream)
        .mapToLong(Duration::toNanos)
        .sum();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
      Runtime.getRuntime().removeShutdownHook(stopper);
      directory.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
