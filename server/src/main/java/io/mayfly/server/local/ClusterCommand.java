package io.mayfly.server.local;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mayfly cluster}: starts several nodes on this machine, and the database they share. */
@Command(
    name = "cluster",
    description = "Starts a cluster on this machine; stops all of it on SIGTERM.",
    mixinStandardHelpOptions = true)
public final class ClusterCommand implements Callable<Integer> {
  private static final int NOT_STARTED = 1;
  private static final int NODES_MAX = 100;
  private static final int PORT_MAX = 65_535;
  private static final int REMOTING_OFFSET = 10_000;
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(40);
  private static final Duration LOOK = Duration.ofMillis(100);

  @Option(names = "--nodes", defaultValue = "3", description = "How many nodes; by default 3.")
  private int nodes;

  @Option(
      names = "--port",
      defaultValue = "9001",
      description = "The HTTP port of the first node; the others have the next ones.")
  private int port;

  @Option(names = "--data", required = true, description = "The directory that holds everything.")
  private Path data = Path.of("");

  @Option(names = "--config", description = "The configuration file of the nodes, in HOCON.")
  private @Nullable Path config;

  @Option(
      names = "--jdbc",
      description = "A PostgreSQL that runs already; without it, one is started in --data.")
  private @Nullable String jdbc;

  @Option(
      names = "--set",
      description =
          "Sets a value on every node; may be repeated. {host} in it stands for the node's address.")
  private Map<String, String> settings = new LinkedHashMap<>();

  private final List<LocalNode> started = new ArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile @Nullable LocalDatabase database;
  private volatile boolean failed;

  @Override
  public Integer call() throws InterruptedException {
    if (nodes < 1 || nodes > NODES_MAX || port < 1 || port + nodes - 1 > PORT_MAX) {
      System.err.println(
          "mayfly: expected 1 to " + NODES_MAX + " nodes, and ports for all of them");
      return NOT_STARTED;
    }
    Thread hook = new Thread(this::stopAll, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      startAll();
    } catch (IOException | RuntimeException e) {
      System.err.println("mayfly: the cluster did not start: " + e.getMessage());
      failed = true;
      return NOT_STARTED;
    } finally {
      settled.countDown();
    }
    stopping.await();
    return 0;
  }

  private void startAll() throws IOException, InterruptedException {
    data = data.toAbsolutePath().normalize();
    String url = jdbc;
    if (url == null) {
      LocalDatabase own = LocalDatabase.in(data.resolve("postgresql"));
      database = own;
      url = own.url();
    }
    for (int number = 1; number <= nodes && stopping.getCount() > 0; number++) {
      LocalNode node =
          LocalNode.start(
              number,
              "http://127.0.0.1:" + httpPort(number),
              directory(number),
              command(number, url));
      started.add(node);
      System.out.println(node.line());
    }
    awaitReady();
  }

  private void awaitReady() throws IOException, InterruptedException {
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    for (LocalNode node : started) {
      while (!node.ready(http)) {
        if (stopping.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        if (!node.alive()) {
          throw new IOException("a node ended; " + node.log() + " says why");
        }
      }
    }
    System.out.println("cluster ready");
  }

  /** The same program with the same options of the JVM, as a server. */
  private List<String> command(int number, String url) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    command.addAll(options);
    if (options.stream().noneMatch(option -> option.startsWith("-Xmx"))) {
      command.add("-XX:MaxRAMPercentage=" + Math.max(5, 50 / nodes));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.addAll(List.of("io.mayfly.server.Main", "server"));
    if (config != null) {
      command.addAll(List.of("--config", config.toAbsolutePath().toString()));
    }
    command.addAll(List.of("--host", "127.0.0.1"));
    command.addAll(List.of("--port", Integer.toString(httpPort(number))));
    command.addAll(List.of("--data", directory(number).toString()));
    values(number, url)
        .forEach((key, value) -> command.addAll(List.of("--set", key + '=' + value)));
    return command;
  }

  private Map<String, String> values(int number, String url) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("mayfly.cluster.nodes", Integer.toString(nodes));
    values.put("mayfly.cluster.host", address(number));
    values.put("mayfly.cluster.port", Integer.toString(remotingPort()));
    List<String> seeds = new ArrayList<>();
    for (int seed = 1; seed <= nodes; seed++) {
      seeds.add(address(seed) + ':' + remotingPort());
    }
    values.put("mayfly.cluster.seeds", String.join(",", seeds));
    values.put("mayfly.persistence.store", "postgresql");
    values.put("mayfly.persistence.postgresql.url", url);
    if (jdbc == null) {
      values.put("mayfly.persistence.postgresql.user", "postgres");
    }
    settings.forEach((key, value) -> values.put(key, value.replace("{host}", address(number))));
    return values;
  }

  private int httpPort(int number) {
    return port + number - 1;
  }

  private int remotingPort() {
    return port + REMOTING_OFFSET <= PORT_MAX ? port + REMOTING_OFFSET : port - REMOTING_OFFSET;
  }

  private static String address(int number) {
    return "127.0.0." + (number + 1);
  }

  private Path directory(int number) {
    return data.resolve("node-" + number);
  }

  /** Runs in the hook. A stop that was asked for is a success. */
  private void stopAll() {
    stopping.countDown();
    stopNodesThenDatabase();
    Runtime.getRuntime().halt(failed ? NOT_STARTED : 0);
  }

  private void stopNodesThenDatabase() {
    try {
      settled.await(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      List<Thread> stops = new ArrayList<>();
      for (LocalNode node : started) {
        Thread stop = new Thread(() -> node.stop(STOP_PATIENCE), "stop-node");
        stop.start();
        stops.add(stop);
      }
      for (Thread stop : stops) {
        stop.join();
      }
      LocalDatabase own = database;
      if (own != null) {
        own.stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.println("mayfly: the database did not stop: " + e.getMessage());
    }
  }
}
