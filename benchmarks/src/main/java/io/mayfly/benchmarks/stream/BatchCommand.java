package io.mayfly.benchmarks;

import io.mayfly.benchmarks.process.BareServer;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Operations per second of one batch over one connection. */
@Command(
    name = "batch",
    mixinStandardHelpOptions = true,
    description = "Puts of one batch over one connection, volatile and journaled.")
public final class BatchCommand implements Callable<Integer> {
  private static final int STATUS_PLACE = 40;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--operations", defaultValue = "500000", description = "Measured, per batch.")
  private long operations;

  @Option(names = "--warmup", defaultValue = "300000", description = "Operations before them.")
  private long warmup;

  @Option(names = "--keys", defaultValue = "10000", description = "Written in turn.")
  private long keys;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long refused = 0;
    for (String durability : List.of("volatile", "journaled")) {
      refused += measure(durability);
    }
    return refused == 0 ? 0 : 1;
  }

  private long measure(String durability) throws IOException, InterruptedException {
    List<String> settings = new ArrayList<>(server.settings());
    settings.add("mayfly.contract.default.durability=" + durability);
    try (ServerUnderTest subject = ServerUnderTest.mayfly(server.jdk(), settings)) {
      long refused = run(subject.address(), warmup);
      long cpu = subject.cpuNanos();
      long start = System.nanoTime();
      refused += run(subject.address(), operations);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "batch put %-10s %,10.0f operations/s, %.1f us of server CPU each, %d refused%n",
          durability,
          operations / seconds,
          (subject.cpuNanos() - cpu) / 1e3 / operations,
          refused);
      return refused;
    }
  }

  /** Sends so many operations and reads their answers; how many were not accepted. */
  private long run(InetSocketAddress address, long count) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(() -> send(socket, count), task -> new Thread(task).start());
      long accepted = accepted(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      sending.join();
      return count - accepted;
    }
  }

  private void send(Socket socket, long count) {
    try {
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
      out.write(
          ascii(
              String.join(
                  "\r\n",
                  "POST /v1/batch HTTP/1.1",
                  "Host: bench",
                  "Content-Type: application/x-ndjson",
                  "Transfer-Encoding: chunked",
                  "",
                  "")));
      StringBuilder lines = new StringBuilder(1 << 15);
      for (long i = 0; i < count; i++) {
        lines.append("{\"op\":\"put\",\"namespace\":\"bench\",\"key\":\"cart-").append(i % keys);
        lines.append("\",\"ttl\":\"1h\",\"value\":").append(BareServer.JSON_120).append("}\n");
        if (lines.length() > 1 << 14 || i == count - 1) {
          out.write(ascii(Integer.toHexString(lines.length()) + "\r\n" + lines + "\r\n"));
          lines.setLength(0);
        }
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

  /** Reads to the end of the answer and counts the lines with a status of 2xx. */
  private static long accepted(InputStream in) throws IOException {
    long accepted = 0;
    StringBuilder line = new StringBuilder(STATUS_PLACE);
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        line.setLength(0);
      } else if (line.length() < STATUS_PLACE) {
        line.append((char) b);
        if (b == '2' && line.indexOf("\"status\":2") == line.length() - "\"status\":2".length()) {
          accepted++;
        }
      }
    }
    return accepted;
  }
}
