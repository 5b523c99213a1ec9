package io.mayfly.multinode.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How a server is started. The same value starts it again on the same directory.
 *
 * @param name of its log in {@code target/servers}
 * @param port 0 for a free one, another at each start
 * @param settings of the form {@code key=value}
 * @param heap the largest heap, as {@code -Xmx} takes it
 */
public record ServerSpec(String name, Path data, int port, List<String> settings, String heap) {
  private static final String HEAP = "512m";
  private static final String MAIN = "io.mayfly.server.Main";
  private static final int PORT_MIN = 10_000;
  private static final int PORTS = 10_000;
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger((int) ProcessHandle.current().pid() * 16);

  public ServerSpec {
    settings = List.copyOf(settings);
  }

  /** A server on a free port. */
  public static ServerSpec of(String name, Path data, String... settings) {
    return new ServerSpec(name, data, 0, List.of(settings), HEAP);
  }

  /** The same on a port of choice. */
  public ServerSpec onPort(int chosen) {
    return new ServerSpec(name, data, chosen, settings, heap);
  }

  /** The same on another directory. */
  public ServerSpec inDirectory(Path other) {
    return new ServerSpec(name, other, port, settings, heap);
  }

  /** The same with another heap. */
  public ServerSpec withHeap(String largest) {
    return new ServerSpec(name, data, port, settings, largest);
  }

  List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(java(), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-cp", library() + "/*", MAIN, "server"));
    command.addAll(List.of("--port", Integer.toString(port == 0 ? freePort() : port)));
    command.addAll(List.of("--data", data.toString()));
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
    return command;
  }

  /** What starts a cluster of three nodes, the first of them on this port. */
  static List<String> clusterCommand(Path data, int port, List<String> settings) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(java(), "bin", "java").toString());
    command.addAll(List.of("-Xmx400m", "-cp", library() + "/*", MAIN, "cluster"));
    command.addAll(List.of("--nodes", "3", "--port", Integer.toString(port)));
    command.addAll(List.of("--data", data.toString()));
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
    return command;
  }

  /**
   * A port that was free a moment ago, as were the next two; with what a cluster adds to it, it
   * stays below those that are given away.
   */
  static int freeRow() {
    for (int port = 20_000 + (int) (ProcessHandle.current().pid() % 300) * 8; ; port += 8) {
      if (free(port) && free(port + 1) && free(port + 2)) {
        return port;
      }
    }
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** The JDK of {@code -Dmayfly.java}, else the one that runs the tests. */
  private static String java() {
    String chosen = System.getProperty("mayfly.java", "");
    return chosen.isBlank() || chosen.startsWith("$") ? System.getProperty("java.home") : chosen;
  }

  private static Path library() {
    Path library =
        Path.of(System.getProperty("basedir", "."), "../server/target/mayfly/lib").normalize();
    if (!Files.isDirectory(library)) {
      throw new IllegalStateException(
          "no packaged server in " + library + " (expected: mvn -pl multi-node-tests -am verify)");
    }
    return library.toAbsolutePath();
  }

  /**
   * A port that was free a moment ago, below those that are given away: a server that asks for any
   * port to speak to others could be given this one.
   */
  public static int freePort() {
    while (true) {
      int port = PORT_MIN + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
      if (free(port)) {
        return port;
      }
    }
  }
}
