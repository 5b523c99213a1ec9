package io.mayfly.benchmarks.overload;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Connections of which every second one sends a byte of a request's head each second. */
final class SlowConnections implements AutoCloseable {
  private static final String HEAD =
      "GET /v1/state/bench/slow HTTP/1.1\r\nX-Slow: " + "a".repeat(4000);

  private final List<SocketChannel> channels = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();

  SlowConnections(InetSocketAddress address, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(address);
      channel.configureBlocking(false);
      channels.add(channel);
    }
    var unused = clock.scheduleAtFixedRate(this::drip, 0, 1, TimeUnit.SECONDS);
  }

  private void drip() {
    ByteBuffer next =
        ByteBuffer.wrap(new byte[] {(byte) HEAD.charAt(sent.getAndIncrement() % HEAD.length())});
    for (int i = 0; i < channels.size(); i += 2) {
      try {
        channels.get(i).write(next.duplicate());
      } catch (IOException e) {
        broken.incrementAndGet();
      }
    }
  }

  /** How many writes failed. */
  int broken() {
    return broken.get();
  }

  @Override
  public void close() throws IOException {
    clock.shutdownNow();
    for (SocketChannel channel : channels) {
      channel.close();
    }
  }
}
