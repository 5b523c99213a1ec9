package io.mayfly.cli.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A server that answers one request after the other as it was told to, and remembers them. */
public final class ScriptedServer implements AutoCloseable {
  private final HttpServer server;
  private final Queue<Reply> replies = new ArrayDeque<>();
  private final List<Seen> seen = new ArrayList<>();

  /** A request that came. */
  public record Seen(String method, String target, String key, String lastId, String body) {}

  /** Of status 0: the connection is cut after the body. */
  private record Reply(int status, String body) {}

  /** A server on a free port. */
  public ScriptedServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  /** The next answer. */
  public synchronized ScriptedServer then(int status, String body) {
    replies.add(new Reply(status, body));
    return this;
  }

  /** The next answer is cut in the middle. */
  public ScriptedServer thenCut(String begin) {
    return then(0, begin);
  }

  /** All requests so far. */
  public synchronized List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** Where it is. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A client of it that waits for milliseconds where another would wait for long. */
  public Client client(Duration timeout) {
    Backoff backoff =
        new Backoff(Duration.ofMillis(5), Duration.ofMillis(20), new SplittableRandom(1));
    return new Client(Address.of(url(), null, timeout), backoff, sentence -> {});
  }

  /** A problem as Mayfly writes it. */
  public static String problem(int status, String type) {
    return "{\"type\":\"urn:mayfly:problem:%s\",\"title\":\"Title\",\"status\":%d,\"detail\":\"Why.\"}"
        .formatted(type, status);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Reply reply;
    synchronized (this) {
      seen.add(
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              text(exchange.getRequestHeaders().getFirst("Idempotency-Key")),
              text(exchange.getRequestHeaders().getFirst("Last-Event-ID")),
              body));
      reply = replies.isEmpty() ? new Reply(500, "no more answers") : replies.remove();
    }
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    boolean cut = reply.status() == 0;
    exchange.sendResponseHeaders(cut ? 200 : reply.status(), bytes.length + (cut ? 100 : 0));
    exchange.getResponseBody().write(bytes);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  private static String text(@Nullable String header) {
    return header == null ? "" : header;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
