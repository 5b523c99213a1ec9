package io.mayfly.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mayfly.http.admission.Pulse;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.http.value.Format;
import io.mayfly.protocol.pressure.Fill;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * {@code GET /v1/pressure}: how the node feels, once or as a stream, so that producers can throttle
 * before they are refused. It is answered also when the node refuses everything else.
 */
final class PressureRoute {
  private static final ContentType EVENTS = MediaTypes.TEXT_EVENT_STREAM.toContentType();
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int LOOKS_PER_EVENT = 10;
  private static final double JUMP = 0.1;
  private static final int SIZE_HINT = 512;

  private final Door door;
  private final Health health;
  private final Supplier<Materializer> materializer;
  private final int listenersMax;
  private final AtomicInteger listeners = new AtomicInteger();

  PressureRoute(
      Door door, Health health, Supplier<Materializer> materializer, HttpSettings settings) {
    this.door = door;
    this.health = health;
    this.materializer = materializer;
    this.listenersMax = settings.pressureListenersMax();
  }

  /** One look, or server-sent events by {@code Accept}. */
  CompletionStage<HttpResponse> show(Call call) {
    if (wantsEvents(call.headers().accept())) {
      return CompletableFuture.completedFuture(events());
    }
    Format format = call.format();
    return CompletableFuture.completedFuture(
        Responses.document(
            200, List.of(Headers.NO_STORE, Headers.VARY_ACCEPT), format, document(format)));
  }

  static boolean wantsEvents(@Nullable String accept) {
    if (accept == null) {
      return false;
    }
    for (String element : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = element.strip().split(";", 2);
      if (parts[0].strip().equals("text/event-stream")) {
        return parts.length == 1 || !parts[1].strip().matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  private ByteString document(Format format) {
    return Documents.render(format, SIZE_HINT, this::write);
  }

  private void write(JsonGenerator out) throws IOException {
    Pulse.Beat beat = door.beat();
    out.writeStartObject();
    out.writeNumberField("node", rounded(door.node().share()));
    out.writeObjectFieldStart("queues");
    for (Map.Entry<String, Fill> queue : door.queues().entrySet()) {
      out.writeObjectFieldStart(queue.getKey());
      out.writeNumberField("depth", queue.getValue().depth());
      out.writeNumberField("limit", queue.getValue().limit());
      out.writeEndObject();
    }
    out.writeEndObject();
    out.writeObjectFieldStart("latencyMs");
    out.writeNumberField("p50", rounded(beat.p50Millis()));
    out.writeNumberField("p99", rounded(beat.p99Millis()));
    out.writeEndObject();
    out.writeNumberField("errorRate", rounded(beat.errorRate()));
    out.writeEndObject();
  }

  private static double rounded(double number) {
    return Math.round(number * 1e3) / 1e3;
  }

  private HttpResponse events() {
    if (listeners.incrementAndGet() > listenersMax) {
      listeners.decrementAndGet();
      throw Refusals.waiting(
              Problem.of(
                      ProblemType.NODE_OVERLOADED, "As many listen to the pressure as may listen.")
                  .with("queue", "pressure-listeners")
                  .with("depth", (long) listenersMax)
                  .with("limit", (long) listenersMax),
              null)
          .exception();
    }
    Pair<CompletionStage<Done>, Publisher<ByteString>> running =
        source()
            .watchTermination(Keep.right())
            .toMat(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.both())
            .run(materializer.get());
    running
        .first()
        .whenCompleteAsync((done, failure) -> listeners.decrementAndGet(), Runnable::run);
    return HttpResponse.create()
        .withHeaders(List.of(Headers.NO_STORE, Headers.VARY_ACCEPT))
        .withEntity(HttpEntities.createChunked(EVENTS, Source.fromPublisher(running.second())));
  }

  /** A listener that reads slowly gets fewer events, and the newest. */
  private Source<ByteString, NotUsed> source() {
    return Source.tick(Duration.ZERO, LOOK, NotUsed.getInstance())
        .mapMaterializedValue(any -> NotUsed.getInstance())
        .takeWhile(any -> health.ready())
        .statefulMapConcat(
            () -> {
              Look look = new Look();
              return any -> look.due(door.node().share()) ? List.of(event()) : List.of();
            });
  }

  private ByteString event() {
    return ByteString.fromString("event: pressure\ndata: ", StandardCharsets.UTF_8)
        .concat(document(Format.JSON))
        .concat(ByteString.fromString("\n\n", StandardCharsets.UTF_8));
  }

  /** When a listener is told: every second, and at once when the node's share jumps. */
  static final class Look {
    private int since = LOOKS_PER_EVENT;
    private double told;

    boolean due(double share) {
      since++;
      if (since < LOOKS_PER_EVENT && Math.abs(share - told) < JUMP) {
        return false;
      }
      since = 0;
      told = share;
      return true;
    }
  }
}
