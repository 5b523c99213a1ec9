package io.mayfly.benchmarks.watch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A stream of server-sent events, read with as little work as can be: two hundred of them share two
 * cores with the server.
 */
final class EventStream implements AutoCloseable {
  private static final byte[] KEY = "\"key\":\"k".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REVISION = "\"revision\":".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final InputStream in;
  private final byte[] raw = new byte[64 * 1024];
  private int rawFrom;
  private int rawTo;
  private int chunkLeft;
  private byte[] text = new byte[64 * 1024];
  private int textLength;

  /** Takes an event. */
  @FunctionalInterface
  interface Events {
    void event(String id, int key, long revision);
  }

  /** Connects, and returns when the head of the answer has come. */
  EventStream(InetSocketAddress address, String target, String lastEventId) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(20_000);
    in = socket.getInputStream();
    String resume = lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
    OutputStream out = socket.getOutputStream();
    out.write(
        ("GET " + target + " HTTP/1.1\r\nHost: bench\r\n" + resume + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    String status = line();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IllegalStateException(target + " after " + lastEventId + ": " + status);
    }
    while (!line().isEmpty()) {
      // The head says nothing else that counts.
    }
  }

  /** Reads what has come, and waits when nothing has; false when the stream has ended. */
  boolean read(Events events) throws IOException {
    if (chunkLeft == 0) {
      chunkLeft = Integer.parseInt(line(), 16);
      if (chunkLeft == 0) {
        return false;
      }
    }
    if (rawFrom == rawTo) {
      fill();
    }
    int taken = Math.min(chunkLeft, rawTo - rawFrom);
    if (textLength + taken > text.length) {
      text = Arrays.copyOf(text, 2 * text.length);
    }
    System.arraycopy(raw, rawFrom, text, textLength, taken);
    rawFrom += taken;
    chunkLeft -= taken;
    textLength += taken;
    if (chunkLeft == 0) {
      line();
    }
    parse(events);
    return true;
  }

  private void parse(Events events) {
    int start = 0;
    for (int i = 1; i < textLength; i++) {
      if (text[i] == '\n' && text[i - 1] == '\n') {
        if (text[start] == 'i') {
          event(start, i, events);
        }
        start = i + 1;
        i++;
      }
    }
    System.arraycopy(text, start, text, 0, textLength - start);
    textLength -= start;
  }

  private void event(int start, int end, Events events) {
    int idEnd = start;
    while (text[idEnd] != '\n') {
      idEnd++;
    }
    String id = new String(text, start + 4, idEnd - start - 4, StandardCharsets.US_ASCII);
    int key = find(KEY, idEnd, end);
    int revision = find(REVISION, key, end);
    events.event(id, (int) number(key), number(revision));
  }

  private int find(byte[] word, int from, int end) {
    for (int i = from; i <= end - word.length; i++) {
      int j = 0;
      while (j < word.length && text[i + j] == word[j]) {
        j++;
      }
      if (j == word.length) {
        return i + j;
      }
    }
    throw new IllegalStateException(
        "an event without " + new String(word, StandardCharsets.US_ASCII));
  }

  private long number(int from) {
    long number = 0;
    for (int i = from; text[i] >= '0' && text[i] <= '9'; i++) {
      number = 10 * number + text[i] - '0';
    }
    return number;
  }

  private void fill() throws IOException {
    rawFrom = 0;
    rawTo = in.read(raw);
    if (rawTo < 0) {
      rawTo = 0;
      throw new IOException("cut off");
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (rawFrom == rawTo) {
        fill();
      }
      byte b = raw[rawFrom++];
      if (b == '\n') {
        return line.toString();
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
