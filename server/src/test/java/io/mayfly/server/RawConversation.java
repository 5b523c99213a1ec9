package io.mayfly.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Several requests, one after another, as bytes on one connection. */
final class RawConversation {
  private static final int PATIENCE_MILLIS = 20_000;

  private RawConversation() {}

  /** A request with these headers besides {@code Host}. */
  static byte[] request(String line, byte[] body, String... headers) {
    String head =
        line
            + "\r\nHost: mayfly\r\n"
            + String.join("", List.of(headers).stream().map(header -> header + "\r\n").toList())
            + "\r\n";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  /** The statuses of the answers; each request is sent when the one before is answered. */
  static List<Integer> statuses(URI server, byte[]... requests) throws IOException {
    List<Integer> statuses = new ArrayList<>();
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      for (byte[] request : requests) {
        socket.getOutputStream().write(request);
        socket.getOutputStream().flush();
        statuses.add(answer(socket.getInputStream()));
      }
    }
    return statuses;
  }

  private static int answer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) read);
    }
    in.readNBytes(contentLength(head.toString()));
    return Integer.parseInt(head.substring(9, 12));
  }

  private static int contentLength(String head) {
    for (String line : head.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(15).strip());
      }
    }
    return 0;
  }
}
