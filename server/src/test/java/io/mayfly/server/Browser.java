package io.mayfly.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A headless Chromium, told what to do through its debugging protocol. */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final long LIMIT_SECONDS = 30;

  /** Notes what the page's own policy stops. */
  private static final String WATCH_POLICY =
      "window.violations = []; document.addEventListener('securitypolicyviolation',"
          + " e => violations.push(e.violatedDirective + ' ' + e.blockedURI));";

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final WebSocket socket;
  private int number;

  private Browser(Process process, int port) throws Exception {
    this.process = process;
    this.socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(page(port)), new Listener())
            .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    tell("Page.enable", Map.of());
    tell("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH_POLICY));
  }

  /** Starts one with a profile of its own; the test is skipped where there is none. */
  static Browser start(Path profile) throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(CHROMIUM), "skipped: there is no Chromium (.ci/tools installs it)");
    Process process =
        new ProcessBuilder(
                CHROMIUM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1280,1500",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Path told = profile.resolve("DevToolsActivePort");
      Await.until("the browser listens", () -> Files.exists(told) && Files.size(told) > 0);
      return new Browser(process, Integer.parseInt(Files.readAllLines(told).get(0)));
    } catch (Exception | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Where the one page is spoken to. */
  private String page(int port) throws Exception {
    HttpRequest list =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
    for (JsonNode target :
        Answer.JSON.readTree(client.send(list, BodyHandlers.ofString()).body())) {
      if (target.path("type").asText().equals("page")) {
        return target.path("webSocketDebuggerUrl").asText();
      }
    }
    throw new AssertionError("the browser has no page");
  }

  /** Opens an address. */
  void open(URI address) {
    tell("Page.navigate", Map.of("url", address.toString()));
  }

  /** The text that an expression comes to. */
  String text(String expression) {
    JsonNode answer = tell("Runtime.evaluate", Map.of("expression", "String(" + expression + ")"));
    return answer.at("/result/value").asText();
  }

  /** Runs statements. */
  void run(String statements) {
    tell("Runtime.evaluate", Map.of("expression", statements));
  }

  /** Waits until an expression is true. */
  void await(String expression) {
    Await.until(expression, () -> text(expression).equals("true"));
  }

  /** What the page shows, as a picture in PNG. */
  byte[] screenshot() {
    JsonNode shot = tell("Page.captureScreenshot", Map.of("format", "png"));
    return Base64.getDecoder().decode(shot.path("data").asText());
  }

  private synchronized JsonNode tell(String method, Map<String, ?> parameters) {
    number++;
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(number, answer);
    ObjectNode message = Answer.JSON.createObjectNode();
    message.put("id", number).put("method", method);
    message.set("params", Answer.JSON.valueToTree(parameters));
    try {
      socket.sendText(message.toString(), true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
      return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(method, e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join());
  }

  /** Puts answers together and hands them to who asked. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void take(String message) {
      try {
        JsonNode answer = Answer.JSON.readTree(message);
        CompletableFuture<JsonNode> waiting = asked.remove(answer.path("id").asInt(-1));
        if (waiting != null) {
          waiting.complete(answer.path("result"));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
