package io.mayfly.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The real server in this process, on a free port and its own data, and a client of it. */
final class TestNode implements AutoCloseable {
  private static final String CONTRACT = "mayfly.contract.default.";

  private final MayflyServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestNode(MayflyServer server) {
    this.server = server;
  }

  /** Starts a node whose default contract differs from the shipped one in the given paths. */
  static TestNode start(Path data, Map<String, String> contract) {
    Map<String, Object> settings = new HashMap<>();
    contract.forEach((path, value) -> settings.put(CONTRACT + path, value));
    return configured(data, settings);
  }

  /** Starts a node whose configuration differs from the shipped one in the given paths. */
  static TestNode configured(Path data, Map<String, ?> settings) {
    Map<String, Object> overrides = new HashMap<>();
    overrides.put("mayfly.data", data.toString());
    overrides.put("mayfly.http.host", "127.0.0.1");
    overrides.put("mayfly.http.port", 0);
    overrides.putAll(settings);
    try {
      return new TestNode(
          MayflyServer.start(Configuration.load(Path.of("..", "application.conf"), overrides)));
    } catch (StartFailure e) {
      throw new AssertionError("the server did not start", e);
    }
  }

  /** Where the server listens. */
  URI uri() {
    return URI.create(server.url());
  }

  Answer get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  Answer head(String path, String... headers) {
    return send("HEAD", path, BodyPublishers.noBody(), headers);
  }

  Answer put(String path, String body, String... headers) {
    return send("PUT", path, BodyPublishers.ofString(body), headers);
  }

  Answer post(String path, String body, String... headers) {
    return send("POST", path, BodyPublishers.ofString(body), headers);
  }

  Answer touch(String path, String... headers) {
    return send("POST", path, BodyPublishers.noBody(), headers);
  }

  Answer delete(String path, String... headers) {
    return send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  Answer merge(String path, String patch, String... headers) {
    return patch(path, "application/merge-patch+json", patch, headers);
  }

  Answer jsonPatch(String path, String patch, String... headers) {
    return patch(path, "application/json-patch+json", patch, headers);
  }

  Answer patch(String path, String type, String patch, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Content-Type";
    all[1] = type;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return send("PATCH", path, BodyPublishers.ofString(patch), all);
  }

  Answer send(String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .method(method, body)
            .timeout(Duration.ofSeconds(20));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(method + ' ' + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** What an answer begins with whose body may go on for ever; it is closed at once. */
  Answer opened(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      response.body().close();
      return new Answer(response, new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
