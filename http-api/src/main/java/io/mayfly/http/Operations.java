package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.http.value.Format;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.util.ByteString;

/** What operators and tools ask: health, the cluster, the contract of the API, the page. */
final class Operations {
  private static final Duration READY_RETRY = Duration.ofSeconds(1);

  /** The text format 0.0.4, which every Prometheus reads. */
  private static final ContentType PROMETHEUS =
      MediaTypes.customWithFixedCharset(
              "text", "plain", HttpCharsets.UTF_8, Map.of("version", "0.0.4"), false)
          .toContentType();

  private final Health health;
  private final Supplier<String> metrics;
  private final ClusterView cluster;
  private final HttpResponse page;
  private final HttpResponse openApi;
  private final HttpResponse live = status("live");
  private final HttpResponse ready = status("ready");

  Operations(Health health, Supplier<String> metrics, ClusterView cluster) {
    this.health = health;
    this.metrics = metrics;
    this.cluster = cluster;
    this.page =
        HttpResponse.create()
            .withHeaders(List.of(Headers.NO_CACHE))
            .withEntity(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, resource("page.html")));
    this.openApi =
        Responses.document(
            200,
            List.of(Headers.NO_CACHE),
            Format.JSON,
            ByteString.fromArrayUnsafe(resource("openapi.json")));
  }

  private static HttpResponse status(String word) {
    return Responses.document(
        200,
        List.of(Headers.NO_STORE),
        Format.JSON,
        ByteString.fromString("{\"status\":\"" + word + "\"}"));
  }

  private static byte[] resource(String name) {
    try (InputStream in = Operations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource: " + name + " (expected: on the class path)");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CompletionStage<HttpResponse> page(Call call) {
    return CompletableFuture.completedFuture(page);
  }

  CompletionStage<HttpResponse> openApi(Call call) {
    return CompletableFuture.completedFuture(openApi);
  }

  CompletionStage<HttpResponse> metrics(Call call) {
    return CompletableFuture.completedFuture(
        HttpResponse.create()
            .withHeaders(List.of(Headers.NO_STORE))
            .withEntity(
                HttpEntities.create(
                    PROMETHEUS, ByteString.fromString(metrics.get(), StandardCharsets.UTF_8))));
  }

  CompletionStage<HttpResponse> live(Call call) {
    return CompletableFuture.completedFuture(answer(health.live(), live));
  }

  CompletionStage<HttpResponse> ready(Call call) {
    return CompletableFuture.completedFuture(answer(health.ready(), ready));
  }

  CompletionStage<HttpResponse> cluster(Call call) {
    Format format = call.format();
    return cluster
        .look()
        .thenApply(
            report ->
                Responses.document(
                    200, List.of(Headers.NO_STORE), format, ClusterDocument.of(format, report)));
  }

  private static HttpResponse answer(boolean well, HttpResponse response) {
    if (well) {
      return response;
    }
    throw Problem.of(ProblemType.NOT_READY, "The node does not serve requests now.")
        .with("ready", false)
        .with(READY_RETRY)
        .exception();
  }
}
