package io.mayfly.http;

import io.mayfly.http.caller.Caller;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.telemetry.Tracing;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The way of every request: head, route, access, door, body, handler, response.
 *
 * <p>Invariant: every request gets exactly one response, and its place at the door is given back
 * when it does.
 */
final class Gateway {
  private static final String NO_CONTENT_TYPE = "none/none";

  /** What Pekko HTTP's parser puts where a body came without a type. */
  private static final ContentType ABSENT =
      org.apache.pekko.http.scaladsl.model.ContentTypes.application$divoctet$minusstream();

  private final Routes routes;
  private final HttpSettings settings;
  private final Access access;
  private final BodyReader bodies;
  private final Door door;
  private final Seen seen;
  private final OpenStreams streams = new OpenStreams();

  Gateway(Routes routes, HttpSettings settings, BodyReader bodies, Door door, Seen seen) {
    this.seen = seen;
    this.routes = routes;
    this.settings = settings;
    this.access = new Access(settings.callers());
    this.bodies = bodies;
    this.door = door;
  }

  /** Answers a request. The stage never fails. */
  CompletionStage<HttpResponse> handle(HttpRequest request, Peer peer) {
    RequestHeaders headers = null;
    try {
      headers = RequestHeaders.of(request);
      return route(request, headers, peer);
    } catch (RuntimeException e) {
      return refuse(request.entity(), headers, e);
    }
  }

  /** Completes when no stream is being answered. */
  CompletionStage<Void> streamsEnded() {
    return streams.ended();
  }

  private CompletionStage<HttpResponse> route(
      HttpRequest request, RequestHeaders headers, Peer peer) {
    if (headers.bytes() > settings.headerBytesMax()) {
      throw Problem.of(
              ProblemType.HEADERS_TOO_LARGE,
              "The headers have more than " + settings.headerBytesMax() + " bytes.")
          .exception();
    }
    RequestTarget target = RequestTarget.parse(headers.rawTarget());
    String method = request.method().name();
    Resource resource = resource(target);
    Route route = resource.route(method);
    if (route == null) {
      return withoutRoute(request, headers, method, resource.allow());
    }
    Caller caller = access.check(route, headers.authorization(), target.segments());
    Query query = Query.parse(target.query(), route.parameters());
    Head head = new Head(headers, target.segments(), query, caller, peer, System.nanoTime());
    Tracing.Span span = seen.begin(head, route);
    return seen.end(
        head,
        route,
        span,
        route.admitted()
            ? admitted(request.entity(), head, route)
            : answer(request.entity(), head, route));
  }

  private Resource resource(RequestTarget target) {
    Resource resource = target.asterisk() ? Routes.SERVER : routes.find(target.segments());
    if (resource == null) {
      throw Problem.of(ProblemType.NOT_FOUND, "Nothing is served under this path.").exception();
    }
    return resource;
  }

  private CompletionStage<HttpResponse> withoutRoute(
      HttpRequest request, RequestHeaders headers, String method, String allow) {
    if (method.equals("OPTIONS")) {
      return afterBody(request.entity(), headers, Responses.options(allow));
    }
    throw Problem.of(ProblemType.METHOD_NOT_ALLOWED, "Here, the methods are " + allow + ".")
        .withHeader("Allow", allow)
        .exception();
  }

  /** The way of a request to state: through the door, and with a refusal that the door knows. */
  private CompletionStage<HttpResponse> admitted(RequestEntity entity, Head head, Route route) {
    CompletionStage<HttpResponse> response;
    try {
      door.look(route, head.segments());
      if (route.streaming() != null) {
        response = streamed(entity, head, route, route.streaming());
      } else if (entity instanceof HttpEntity.Strict strict) {
        response = worked(head, route, entity, strict.getData());
      } else {
        response = arriving(entity, head, route);
      }
    } catch (RuntimeException e) {
      return afterBody(entity, head.headers(), failed(head.headers(), head, route, e))
          .thenCompose(answer -> door.refuse(route, head.segments(), e, answer));
    }
    return response.exceptionallyCompose(
        failure ->
            door.refuse(
                route, head.segments(), failure, failed(head.headers(), head, route, failure)));
  }

  /** Reads the body before the request is let in: how long that takes is the client's doing. */
  private CompletionStage<HttpResponse> arriving(RequestEntity entity, Head head, Route route) {
    door.hold(route, head.segments());
    return bodies
        .read(entity)
        .whenComplete((bytes, failure) -> door.release())
        .thenCompose(bytes -> worked(head, route, entity, bytes));
  }

  private CompletionStage<HttpResponse> worked(
      Head head, Route route, RequestEntity entity, ByteString bytes) {
    Call call = call(head, entity, bytes);
    if (route.waits()) {
      return handled(route, call);
    }
    long beganNanos = door.enter(route, head.segments());
    CompletionStage<HttpResponse> response;
    try {
      response = handled(route, call);
    } catch (RuntimeException e) {
      door.leave();
      throw e;
    }
    boolean atOnce = response.toCompletableFuture().isDone();
    return response.handle(
        (answer, failure) ->
            door.leave(new Door.Stay(beganNanos, atOnce), route, head.segments(), answer, failure));
  }

  /** Answers while the body arrives. The place is given back when both have ended. */
  private CompletionStage<HttpResponse> streamed(
      RequestEntity entity, Head head, Route route, Route.Streaming streaming) {
    door.hold(route, head.segments());
    Route.Running running;
    try {
      requireIdentity(head.headers().contentEncoding(), entity.isKnownEmpty());
      Body type =
          Body.of(
              ByteString.emptyByteString(), contentType(head.headers(), entity.getContentType()));
      running = streaming.handle(new Call(head, type, settings), entity.getDataBytes());
    } catch (RuntimeException e) {
      door.release();
      throw e;
    }
    streams.opened(running.done());
    var unused = running.done().whenComplete((done, failure) -> door.release());
    return running.response();
  }

  private CompletionStage<HttpResponse> answer(RequestEntity entity, Head head, Route route) {
    CompletionStage<HttpResponse> response;
    try {
      if (entity instanceof HttpEntity.Strict strict) {
        response = handled(route, call(head, entity, strict.getData()));
      } else {
        response =
            bodies.read(entity).thenCompose(bytes -> handled(route, call(head, entity, bytes)));
      }
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(failed(head.headers(), head, route, e));
    }
    return response.exceptionally(failure -> failed(head.headers(), head, route, failure));
  }

  private Call call(Head head, RequestEntity entity, ByteString bytes) {
    if (bytes.size() > settings.bodyBytesMax()) {
      throw Problem.of(
              ProblemType.VALUE_TOO_LARGE,
              "The body has more than " + settings.bodyBytesMax() + " bytes.")
          .exception();
    }
    requireIdentity(head.headers().contentEncoding(), bytes.isEmpty());
    Body body = Body.of(bytes, contentType(head.headers(), entity.getContentType()));
    return new Call(head, body, settings);
  }

  private CompletionStage<HttpResponse> handled(Route route, Call call) {
    Route.Handler handler = Objects.requireNonNull(route.handler());
    return seen.within(call.headers(), () -> handler.handle(call));
  }

  private static void requireIdentity(@Nullable String coding, boolean empty) {
    if (coding != null && !empty && !coding.strip().equalsIgnoreCase("identity")) {
      throw Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body is expected without a coding.")
          .withHeader("Accept-Encoding", "identity")
          .exception();
    }
  }

  /**
   * The content type that the request named. Pekko HTTP puts its own constant where there was none,
   * so that only identity tells a missing type from the same type named.
   */
  @SuppressWarnings("ReferenceEquality")
  private static @Nullable String contentType(RequestHeaders headers, ContentType type) {
    if (headers.unreadableContentType() != null) {
      return headers.unreadableContentType();
    }
    if (type == ABSENT) {
      return null;
    }
    if (type.equals(ContentTypes.APPLICATION_JSON)) {
      return "application/json";
    }
    String text = type.toString();
    return text.equals(NO_CONTENT_TYPE) ? null : text;
  }

  /** Answers with a refusal, after what the client still sends was read. */
  private CompletionStage<HttpResponse> refuse(
      RequestEntity entity, @Nullable RequestHeaders headers, RuntimeException failure) {
    return afterBody(entity, headers, failed(headers, null, null, failure));
  }

  private CompletionStage<HttpResponse> afterBody(
      RequestEntity entity, @Nullable RequestHeaders headers, HttpResponse response) {
    if (entity instanceof HttpEntity.Strict || (headers != null && headers.expectsContinue())) {
      return CompletableFuture.completedFuture(response);
    }
    return bodies.drain(entity).thenApply(drained -> response);
  }

  private HttpResponse failed(
      @Nullable RequestHeaders headers,
      @Nullable Head head,
      @Nullable Route route,
      Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String traceparent = headers == null ? null : headers.traceparent();
    if (cause instanceof ProblemException known) {
      seen.problem(known.problem().type().text());
      return Problems.response(known.problem(), traceparent);
    }
    seen.failed(head, route, traceparent, cause);
    seen.problem(ProblemType.INTERNAL_ERROR.text());
    return Problems.response(
        Problem.of(ProblemType.INTERNAL_ERROR, "The server failed; its log knows more."),
        traceparent);
  }
}
