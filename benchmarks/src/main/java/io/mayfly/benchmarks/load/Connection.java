package io.mayfly.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One keep-alive connection with at most one request in flight. */
final class Connection {
  private static final int RESPONSE_BYTES_MAX = 64 * 1024;

  private final RequestTemplate template;
  private final ByteBuffer request;
  private final ByteBuffer response = ByteBuffer.allocate(RESPONSE_BYTES_MAX);
  private final SocketChannel channel;
  private final SelectionKey key;
  private long dueNanos;
  private long sentNanos;

  Connection(InetSocketAddress address, RequestTemplate template, Selector selector)
      throws IOException {
    this.template = template;
    request = template.copy();
    channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** The instant, on the monotonic clock, from which the request in flight is measured. */
  long dueNanos() {
    return dueNanos;
  }

  /** The instant at which it was sent. */
  long sentNanos() {
    return sentNanos;
  }

  /** Sends the next request. */
  void send(long number, long ttlMillis, long due) throws IOException {
    dueNanos = due;
    sentNanos = System.nanoTime();
    response.clear();
    template.patch(request, number, ttlMillis);
    flush();
  }

  /** Sends what is left of the request. */
  void flush() throws IOException {
    channel.write(request);
    int wanted = request.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    if (key.interestOps() != wanted) {
      key.interestOps(wanted);
    }
  }

  /** The status of the response, or {@link Response#INCOMPLETE}. */
  int receive() throws IOException {
    if (channel.read(response) < 0) {
      throw new IOException("connection closed by the server");
    }
    int status = Response.read(response.array(), response.position());
    if (status == Response.INCOMPLETE && !response.hasRemaining()) {
      throw new IOException("response beyond " + RESPONSE_BYTES_MAX + " bytes");
    }
    return status;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      key.cancel();
    }
  }
}
