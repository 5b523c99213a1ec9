package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One POST of lines whose sending and reading the test paces, on a connection of its own. */
final class LineStream implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int HEX = 16;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private boolean headRead;
  private int chunkLeft;

  private LineStream(Socket socket) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends the head of a request, with these headers of its own. */
  static LineStream open(URI server, String target, String... headers) {
    try {
      LineStream stream = new LineStream(new Socket(server.getHost(), server.getPort()));
      stream.socket.setSoTimeout(PATIENCE_MILLIS);
      stream.write(
          String.join(
              "\r\n",
              "POST " + target + " HTTP/1.1",
              "Host: mayfly",
              "Content-Type: application/x-ndjson",
              "Transfer-Encoding: chunked",
              String.join("", List.of(headers).stream().map(each -> each + "\r\n").toList())));
      stream.write("\r\n");
      return stream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends lines, in which single quotes stand for double ones. */
  void send(String lines) {
    byte[] data = lines.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    try {
      ByteArrayOutputStream chunk = new ByteArrayOutputStream(data.length + HEX);
      chunk.writeBytes(
          (Integer.toHexString(data.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
      chunk.writeBytes(data);
      chunk.writeBytes(new byte[] {'\r', '\n'});
      out.write(chunk.toByteArray());
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says that no more lines come. */
  void finish() {
    try {
      write("0\r\n\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next answer; absent after the last one of an answer that is complete. */
  @Nullable JsonNode next() {
    try {
      if (!headRead) {
        headRead = true;
        assertThat(line()).startsWith("HTTP/1.1 200");
        while (!line().isEmpty()) {
          // The tests of other requests look at headers.
        }
      }
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      for (int b = body(); b != '\n'; b = body()) {
        if (b < 0) {
          assertThat(text.size()).as("bytes of a line that is not complete").isZero();
          return null;
        }
        text.write(b);
      }
      return Answer.JSON.readTree(text.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A byte of the body, or -1 at its end. */
  private int body() throws IOException {
    if (chunkLeft == 0) {
      String size = line();
      chunkLeft = Integer.parseInt(size.isEmpty() ? line() : size, HEX);
      if (chunkLeft == 0) {
        return -1;
      }
    }
    chunkLeft--;
    return byteOf(in.read());
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = byteOf(in.read()); b != '\n'; b = byteOf(in.read())) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private static int byteOf(int read) throws IOException {
    if (read < 0) {
      throw new IOException("the connection ended before the answer did");
    }
    return read;
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
