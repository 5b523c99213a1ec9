package io.mayfly.benchmarks.process;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.function.Function;

/**
 * A bare Pekko HTTP server that answers every request with the same 120 bytes of JSON: what HTTP
 * alone costs, on this machine in this minute. Everything else is told as a ratio to it.
 */
public final class BareServer {
  /** The bytes that it answers, and that the benchmarks write. */
  public static final String JSON_120 =
      "{\"user\":\"4711\",\"cart\":[{\"sku\":\"A-100\",\"n\":2},{\"sku\":\"B-200\",\"n\":1}],"
          + "\"currency\":\"EUR\",\"total\":1129.90,\"note\":\"gift wrap\"}";

  private BareServer() {}

  /** Listens on a free port of 127.0.0.1 until it is killed. */
  public static void main(String[] args) {
    ActorSystem system = ActorSystem.create("bare");
    Function<HttpRequest, CompletionStage<HttpResponse>> handler = handler(system);
    Http.get(system)
        .newServerAt("127.0.0.1", 0)
        .bind(handler)
        .thenAccept(
            binding ->
                System.out.println(
                    "Bare is ready at http://127.0.0.1:" + binding.localAddress().getPort()))
        .toCompletableFuture()
        .join();
  }

  private static Function<HttpRequest, CompletionStage<HttpResponse>> handler(ActorSystem system) {
    HttpResponse answer = HttpResponse.create().withEntity(ContentTypes.APPLICATION_JSON, JSON_120);
    CompletionStage<HttpResponse> done = CompletableFuture.completedFuture(answer);
    return request -> {
      if (!request.entity().isStrict()) {
        request.discardEntityBytes(system);
      }
      return done;
    };
  }
}
