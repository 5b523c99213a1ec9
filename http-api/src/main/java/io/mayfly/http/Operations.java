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
    this.page = Page.of(resource("page.html"));
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
    return CompletableFuture.completedFuture(
        answer(health.live(), live, "The node does not work any more."));
  }

  CompletionStage<HttpResponse> ready(Call call) {
    Health.Readiness readiness = health.readiness();
    return CompletableFuture.completedFuture(
        answer(readiness == Health.Readiness.READY, ready, why(readiness)));
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

  private static String why(Health.Readiness readiness) {
    return switch (readiness) {
      case READY -> "The node serves.";
      case STARTING -> "The node is starting.";
      case STORE_LOST -> "The store does not answer.";
      case NO_QUORUM -> "The node does not see the majority of its cluster.";
      case DRAINING -> "The node does not serve requests now: it is on its way down.";
    };
  }

  private static HttpResponse answer(boolean well, HttpResponse response, String otherwise) {
    if (well) {
      return response;
    }
    throw Problem.of(ProblemType.NOT_READY, otherwise)
        .with("ready", false)
        .with(READY_RETRY)
        .exception();
  }
}
