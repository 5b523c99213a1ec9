package io.mayfly.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Requests byte by byte, as no client library would send them. */
final class RawClient {
  private static final int ANSWER_MILLIS = 10_000;

  private RawClient() {}

  /** An answer as far as it was sent before the connection was closed or the length was reached. */
  record Answer(int status, String head, String body) {
    boolean problem() {
      return head.toLowerCase(Locale.ROOT).contains("content-type: application/problem+json");
    }
  }

  static Answer send(int port, String request) throws IOException {
    return send(port, request.getBytes(StandardCharsets.ISO_8859_1), false);
  }

  /**
   * Sends the bytes and reads one answer.
   *
   * @param halfClose whether to end the sending side first, as a client that breaks off does
   */
  static Answer send(int port, byte[] request, boolean halfClose) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      if (halfClose) {
        socket.shutdownOutput();
      }
      return read(socket.getInputStream());
    }
  }

  /** Reads one answer. */
  static Answer read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      int b = in.read();
      while (b >= 0) {
        bytes.write(b);
        if (complete(bytes.toString(StandardCharsets.UTF_8))) {
          break;
        }
        b = in.read();
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("no whole answer: " + bytes, e);
    }
    return parse(bytes.toString(StandardCharsets.UTF_8));
  }

  private static boolean complete(String text) {
    int end = text.indexOf("\r\n\r\n");
    return end >= 0
        && text.substring(end + 4).getBytes(StandardCharsets.UTF_8).length
            >= contentLength(text.substring(0, end));
  }

  private static int contentLength(String head) {
    for (String line : head.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(15).strip());
      }
    }
    return 0;
  }

  private static Answer parse(String text) {
    int end = text.indexOf("\r\n\r\n");
    return end < 0
        ? new Answer(0, text, "")
        : new Answer(
            Integer.parseInt(text.substring(9, 12)),
            text.substring(0, end),
            text.substring(end + 4));
  }
}
