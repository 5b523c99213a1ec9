package io.mayfly.multinode.cluster;

import io.mayfly.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cluster as {@code ./mayfly cluster} starts it: nodes and a database as processes of their own,
 * which can be broken one by one. Nodes are counted from 1.
 */
public final class ClusterProcess implements AutoCloseable {
  private static final Pattern NODE = Pattern.compile("node (\\d+) pid (\\d+) http (\\S+)");
  private static final String READY = "cluster ready";
  private static final int NODES = 3;

  /** How far above its HTTP port the first node speaks to the others. */
  private static final int REMOTING_OFFSET = 10_000;

  /** How far above its HTTP port the first node answers those that look for it. */
  private static final int CONTACT_OFFSET = 5_000;

  private static final Duration START_MAX = Duration.ofMinutes(2);
  private static final Duration STOP_MAX = Duration.ofMinutes(1);
  private static final Duration CLOCK_SEEN_MAX = Duration.ofSeconds(30);

  private final Path data;
  private final Path log;
  private final Process launcher;
  private final Network network;
  private final DatabaseLink link;
  private final Clocks clocks;
  private final List<Node> nodes = new ArrayList<>();

  /** A node: what starts it again, and the process that runs it now. */
  private static final class Node {
    private final URI uri;
    private final List<String> command;
    private ProcessHandle process;

    private Node(URI uri, List<String> command, ProcessHandle process) {
      this.uri = uri;
      this.command = command;
      this.process = process;
    }
  }

  private ClusterProcess(Path data, Network network, DatabaseLink link, List<String> command)
      throws IOException {
    this.data = data;
    this.network = network;
    this.link = link;
    this.log = Files.createDirectories(data).resolve("cluster.log");
    this.clocks = new Clocks(data.resolve("clocks"));
    this.launcher =
        clocks
            .watched(new ProcessBuilder(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** Starts three nodes and waits until they serve. What they say to each other can be cut off. */
  public static ClusterProcess start(Path data) {
    return start(data, ServerSpec.freeRow(), List.of());
  }

  /** The same, but nodes are told where to look for others instead of the seeds of a cluster. */
  public static ClusterProcess startByDiscovery(Path data) {
    int port = ServerSpec.freeRow();
    int contact = port + CONTACT_OFFSET;
    String points =
        IntStream.rangeClosed(1, NODES)
            .mapToObj(node -> "127.0.0." + (node + 1) + ':' + contact)
            .collect(Collectors.joining(","));
    return start(
        data,
        port,
        List.of(
            "mayfly.cluster.seeds=",
            "mayfly.cluster.bootstrap.discovery=config",
            "mayfly.cluster.bootstrap.port=" + contact,
            "mayfly.cluster.bootstrap.contact-points=" + points));
  }

  private static ClusterProcess start(Path data, int port, List<String> settings) {
    int remoting = port + REMOTING_OFFSET;
    List<String> all = new ArrayList<>(settings);
    all.add("pekko.remote.artery.bind.port=" + (remoting + 1));
    all.add("mayfly.cluster.direct.port=" + (remoting + 2));
    all.add("mayfly.cluster.direct.bind-port=" + (remoting + 3));
    all.add("pekko.remote.artery.advanced.tcp.outbound-client-hostname={host}");
    Network network =
        new Network(
            List.of(
                new Network.Way(remoting, remoting + 1),
                new Network.Way(remoting + 2, remoting + 3)));
    IntStream.rangeClosed(1, NODES).forEach(network::add);
    try {
      DatabaseLink link = new DatabaseLink(postmaster(data));
      all.add("mayfly.persistence.postgresql.url=" + link.url());
      ClusterProcess cluster =
          new ClusterProcess(data, network, link, ServerSpec.clusterCommand(data, port, all));
      try {
        cluster.awaitReady();
        return cluster;
      } catch (AssertionError e) {
        cluster.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() throws IOException {
    Await.until(
        "cluster ready, see " + log,
        START_MAX,
        () -> output().contains(READY) || !launcher.isAlive());
    if (!output().contains(READY)) {
      throw new AssertionError("the cluster did not start:\n" + output() + logs());
    }
    Matcher matcher = NODE.matcher(output());
    while (matcher.find()) {
      long pid = Long.parseLong(matcher.group(2));
      nodes.add(
          new Node(
              URI.create(matcher.group(3)), commandLine(pid), ProcessHandle.of(pid).orElseThrow()));
    }
  }

  /** The arguments of a process, as the operating system knows them. */
  private static List<String> commandLine(long pid) throws IOException {
    String all = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
    return List.of(all.split("\0"));
  }

  private String output() throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  /** How many nodes there are. */
  public int size() {
    return nodes.size();
  }

  /** Where a node serves. */
  public URI uri(int node) {
    return node(node).uri;
  }

  /** Where a node answers those that look for it. */
  public URI contact(int node) {
    int port = node(1).uri.getPort() + CONTACT_OFFSET;
    return URI.create("http://127.0.0." + (node + 1) + ':' + port);
  }

  /** Kills a node with SIGKILL, and waits until it is gone. */
  public void kill(int node) {
    node(node).process.destroyForcibly();
    Await.until("node " + node + " gone", STOP_MAX, () -> !node(node).process.isAlive());
    network.remove(node);
  }

  /** Stops a node's processor time, as a long pause does. */
  public void pause(int node) {
    signal("STOP", node(node).process.pid());
  }

  /** Continues a node after {@link #pause}. */
  public void resume(int node) {
    signal("CONT", node(node).process.pid());
  }

  /** Stops a node as an operator does, and waits until it has stopped. */
  public void terminate(int node) {
    signal("TERM", node(node).process.pid());
    Await.until("node " + node + " stopped", STOP_MAX, () -> !node(node).process.isAlive());
    network.remove(node);
  }

  /** Runs the command line of a node that is gone once more; waits for nothing. */
  public void restart(int node) {
    network.add(node);
    try {
      Path output = data.resolve("node-" + node).resolve("log");
      node(node).process =
          clocks
              .watched(new ProcessBuilder(node(node).command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start()
              .toHandle();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops the database's processor time: it neither answers nor refuses. */
  public void pauseDatabase() {
    database().forEach(pid -> signal("STOP", pid));
  }

  /** Continues the database after {@link #pauseDatabase}. */
  public void resumeDatabase() {
    database().forEach(pid -> signal("CONT", pid));
  }

  /** Makes the way to the database long: each way takes so long, until it is told otherwise. */
  public void delayDatabase(Duration each) {
    link.delay(each);
  }

  /**
   * Steps the wall clock of a node, which is right, and waits until the node has seen that.
   *
   * @param by more than what a node takes for no step
   */
  public void stepClock(int node, Duration by) throws IOException {
    int before = saidOfClock(node).size();
    clocks.shift(node(node).process.pid(), by);
    Await.until(
        "node " + node + " sees its clock step by " + by,
        CLOCK_SEEN_MAX,
        () -> saidOfClock(node).size() > before);
  }

  /** Sets the wall clock of a node right, and waits until the node goes by it. */
  public void setClock(int node) throws IOException {
    // What it took over a moment ago, it finds to agree within a second: that is not what is meant.
    Await.until("node " + node + " agrees", CLOCK_SEEN_MAX, () -> !last(node).contains("taken"));
    int before = saidOfClock(node).size();
    clocks.shift(node(node).process.pid(), Duration.ZERO);
    Await.until(
        "node " + node + " goes by the right time",
        CLOCK_SEEN_MAX,
        () -> saidOfClock(node).size() > before && last(node).contains("agree"));
  }

  private String last(int node) throws IOException {
    List<String> said = saidOfClock(node);
    return said.get(said.size() - 1);
  }

  /** What a node said of the machine's clock, in order. */
  private List<String> saidOfClock(int node) throws IOException {
    return log(node).lines().filter(line -> line.contains("the machine's")).toList();
  }

  private String log(int node) throws IOException {
    return Files.readString(data.resolve("node-" + node).resolve("log"));
  }

  /** Cuts a node off from the others; the database stays within reach. */
  public void cutOff(int node) {
    network.cut(List.of(Set.of(node)));
  }

  /** Cuts every node off from every other. */
  public void cutApart() {
    network.cut(IntStream.rangeClosed(1, size()).boxed().map(Set::of).toList());
  }

  /** Lets all nodes reach each other again. */
  public void heal() {
    network.heal();
  }

  private List<Long> database() {
    try {
      long pid = Long.parseLong(Files.readAllLines(postmaster(data)).get(0).strip());
      ProcessHandle first = ProcessHandle.of(pid).orElseThrow();
      return Stream.concat(Stream.of(pid), first.descendants().map(ProcessHandle::pid)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path postmaster(Path data) {
    return data.resolve("postgresql").resolve("data").resolve("postmaster.pid");
  }

  private Node node(int number) {
    return nodes.get(number - 1);
  }

  private static void signal(String name, long pid) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      kill.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** What the nodes said last, for a report of a failure. */
  private String logs() {
    StringBuilder text = new StringBuilder();
    for (int node = 1; node <= NODES; node++) {
      try {
        String[] lines = log(node).split("\n", -1);
        text.append("--- node ").append(node).append('\n');
        Arrays.stream(lines)
            .skip(Math.max(0, lines.length - 20))
            .forEach(line -> text.append(line).append('\n'));
      } catch (IOException e) {
        text.append(e).append('\n');
      }
    }
    return text.toString();
  }

  /** Stops everything, also what was started again. */
  @Override
  public void close() {
    nodes.forEach(node -> signal("CONT", node.process.pid()));
    link.delay(Duration.ZERO);
    launcher.destroy();
    try {
      if (!launcher.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        launcher.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    nodes.forEach(node -> node.process.destroyForcibly());
    network.close();
    link.close();
  }
}
