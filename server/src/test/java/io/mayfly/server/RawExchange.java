package io.mayfly.server;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One request as bytes on a connection of its own, and the first answer to it. */
final class RawExchange {
  private static final int PATIENCE_MILLIS = 20_000;

  private final int status;
  private final String head;

  private RawExchange(int status, String head) {
    this.status = status;
    this.head = head;
  }

  /** Sends the bytes and reads until the server closes; status 0 when it closed in silence. */
  static RawExchange send(URI server, byte[] request) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      StringBuilder read = new StringBuilder();
      byte[] buffer = new byte[8192];
      int count = 0;
      while (count >= 0 && read.indexOf("\r\n\r\n") < 0) {
        read.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        count = socket.getInputStream().read(buffer);
      }
      return parse(read.toString());
    }
  }

  private static RawExchange parse(String text) {
    int end = text.indexOf("\r\n\r\n");
    String head = end < 0 ? text : text.substring(0, end);
    return new RawExchange(
        head.matches("(?s)HTTP/1\\.1 \\d{3}.*") ? Integer.parseInt(head.substring(9, 12)) : 0,
        head);
  }

  int status() {
    return status;
  }

  /** Whether it is the refusal that a malformed request must get. */
  boolean refused() {
    return ((status >= 400 && status < 500) || status == 501)
        && head.toLowerCase(Locale.ROOT).contains("content-type: application/problem+json");
  }

  @Override
  public String toString() {
    return head.replace("\r\n", " | ");
  }
}
