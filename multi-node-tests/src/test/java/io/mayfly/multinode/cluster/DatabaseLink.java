package io.mayfly.multinode.cluster;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way from all nodes to their database, which can be made long: what is sent arrives, in order,
 * after a delay, in each direction.
 */
final class DatabaseLink implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;
  private static final int PORT_LINE = 3;

  private final ServerSocket relay;
  private final Path postmaster;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final Object change = new Object();
  private Duration delay = Duration.ZERO;

  /**
   * A way without a delay.
   *
   * @param postmaster the file that tells where the database listens, once it runs
   */
  DatabaseLink(Path postmaster) throws IOException {
    this.postmaster = postmaster;
    this.relay = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    run(
        () -> {
          while (!relay.isClosed()) {
            connect(relay.accept());
          }
        });
  }

  /** Where nodes find the database. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:" + relay.getLocalPort() + "/postgres";
  }

  /** What passes from now on takes so long, each way. */
  void delay(Duration each) {
    synchronized (change) {
      delay = each;
      change.notifyAll();
    }
  }

  private void connect(Socket from) {
    open.add(from);
    run(
        () -> {
          List<String> lines = Files.readAllLines(postmaster);
          int port = Integer.parseInt(lines.get(PORT_LINE).strip());
          Socket to = new Socket(InetAddress.getLoopbackAddress(), port);
          open.add(to);
          from.setTcpNoDelay(true);
          to.setTcpNoDelay(true);
          run(() -> pass(from, to));
          pass(to, from);
        });
  }

  private void pass(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int size = in.read(chunk); size >= 0; size = in.read(chunk)) {
        travel(System.nanoTime());
        out.write(chunk, 0, size);
      }
    } catch (IOException e) {
      // One of them has closed it: so does the other.
    } finally {
      close(from);
      close(to);
    }
  }

  /** Time itself is what is waited for here, and the end of the delay. */
  private void travel(long startNanos) {
    synchronized (change) {
      long left = delay.toNanos();
      while (left > 0) {
        try {
          change.wait(left / 1_000_000 + 1);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
        left = delay.toNanos() - (System.nanoTime() - startNanos);
      }
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
                // The relay or the connection is closed, or the database is not there.
              }
            },
            "database-link");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    delay(Duration.ZERO);
    close(relay);
    List.copyOf(open).forEach(this::close);
  }
}
