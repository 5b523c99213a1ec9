package io.mayfly.multinode.cluster;

import io.mayfly.testing.Await;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The ways between nodes: a relay in front of each of their ports, which knows a node by the
 * address it comes from. Between nodes that are apart nothing is passed on and nothing is lost, as
 * when packets are dropped and sent again: connections stand, new ones are accepted, and all goes
 * on when the nodes meet.
 */
final class Network implements AutoCloseable {
  private static final int CHUNK = 16 * 1024;

  private final List<Way> ways;
  private final Map<Integer, List<ServerSocket>> relays = new ConcurrentHashMap<>();
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final Object change = new Object();
  private List<Set<Integer>> sides = List.of();

  /**
   * One of the ports of every node.
   *
   * @param port where others look for a node, at the node's address
   * @param bound where the node listens, at the same address
   */
  record Way(int port, int bound) {}

  /** A network without nodes. */
  Network(List<Way> ways) {
    this.ways = ways;
  }

  /** The address of a node in a local cluster. */
  private static InetAddress address(int node) throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (node + 1)});
  }

  private static int nodeAt(InetAddress address) {
    return address.getAddress()[3] - 1;
  }

  /** A node is about to run: others may connect to it. */
  void add(int node) {
    // A socket that was closed a moment ago may still hold the address.
    for (Way way : ways) {
      Await.until("the address of node " + node + " is free", () -> listens(node, way));
    }
  }

  private boolean listens(int node, Way way) throws IOException {
    ServerSocket relay = new ServerSocket();
    try {
      relay.setReuseAddress(true);
      relay.bind(new InetSocketAddress(address(node), way.port()));
    } catch (BindException e) {
      relay.close();
      return false;
    }
    relays.computeIfAbsent(node, any -> new CopyOnWriteArrayList<>()).add(relay);
    run(
        () -> {
          while (!relay.isClosed()) {
            accept(relay.accept(), node, way);
          }
        });
    return true;
  }

  /** A node runs no more: nobody listens at its address. */
  void remove(int node) {
    List<ServerSocket> removed = relays.remove(node);
    if (removed != null) {
      removed.forEach(this::close);
    }
  }

  private void accept(Socket from, int node, Way way) throws IOException {
    int peer = nodeAt(from.getInetAddress());
    open.add(from);
    run(
        () -> {
          awaitMeeting(peer, node);
          Socket to = new Socket();
          open.add(to);
          try {
            to.connect(new InetSocketAddress(address(node), way.bound()));
          } catch (IOException e) {
            close(from);
            return;
          }
          run(() -> pass(from, to, peer, node));
          pass(to, from, peer, node);
        });
  }

  private void pass(Socket from, Socket to, int peer, int node) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int size = in.read(chunk); size >= 0; size = in.read(chunk)) {
        awaitMeeting(peer, node);
        out.write(chunk, 0, size);
      }
    } catch (IOException e) {
      // One of them has closed it: so does the other.
    } finally {
      close(from);
      close(to);
    }
  }

  private void close(Closeable connection) {
    open.remove(connection);
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitMeeting(int one, int other) {
    synchronized (change) {
      while (apart(one, other)) {
        try {
          change.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private boolean apart(int one, int other) {
    return sides.stream().anyMatch(side -> side.contains(one) != side.contains(other));
  }

  /** Takes each of the sides apart from everybody else. */
  void cut(List<Set<Integer>> apart) {
    synchronized (change) {
      sides = List.copyOf(apart);
    }
  }

  /** Lets everybody meet again. */
  void heal() {
    synchronized (change) {
      sides = List.of();
      change.notifyAll();
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void run(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // The relay or the connection is closed.
              }
            },
            "network");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    heal();
    List.copyOf(relays.keySet()).forEach(this::remove);
    List.copyOf(open).forEach(this::close);
  }
}
