package io.mayfly.benchmarks.stream;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One POST of lines over a connection of its own, answered by lines. It writes and reads at the
 * same time and keeps neither, so that a stream of any length takes the same memory.
 */
public final class LineExchange {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int CHUNK_CHARS = 1 << 14;

  private final String target;
  private final long count;
  private final Lines lines;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private volatile long unansweredMax;

  /** What is sent. */
  @FunctionalInterface
  public interface Lines {
    /** Appends a line without its end. */
    void append(long index, StringBuilder to);
  }

  /** Takes what is answered, one line at a time. */
  @FunctionalInterface
  public interface Answers {
    /** A line, valid only during the call. */
    void take(long index, byte[] line, int length) throws IOException;
  }

  /** A request of so many lines to a target such as {@code /v1/batch}. */
  public LineExchange(String target, long count, Lines lines) {
    this.target = target;
    this.count = count;
    this.lines = lines;
  }

  /** Sends everything and reads to the end of the answer; fails unless the status is 200. */
  public void run(InetSocketAddress address, Answers answers) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(() -> send(out), task -> new Thread(task).start());
      ChunkedLines.read(
          new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES),
          (line, length) -> {
            long index = answered.getAndIncrement();
            unansweredMax = Math.max(unansweredMax, sent.get() - index);
            answers.take(index, line, length);
          });
      sending.join();
    }
  }

  /** How many lines were answered. */
  public long answered() {
    return answered.get();
  }

  /** The most lines that were on their way at once: in the server, or in buffers on either side. */
  public long unansweredMax() {
    return unansweredMax;
  }

  private void send(OutputStream out) {
    try {
      out.write(
          ascii(
              String.join(
                  "\r\n",
                  "POST " + target + " HTTP/1.1",
                  "Host: bench",
                  "Content-Type: application/x-ndjson",
                  "Transfer-Encoding: chunked",
                  "",
                  "")));
      StringBuilder chunk = new StringBuilder(2 * CHUNK_CHARS);
      for (long i = 0; i < count; i++) {
        lines.append(i, chunk);
        chunk.append('\n');
        if (chunk.length() > CHUNK_CHARS || i == count - 1) {
          out.write(ascii(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n"));
          chunk.setLength(0);
        }
        sent.incrementAndGet();
      }
      out.write(ascii("0\r\n\r\n"));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
