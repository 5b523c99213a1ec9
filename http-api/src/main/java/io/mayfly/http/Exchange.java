package io.mayfly.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection and their answers, which keep their order. Pekko HTTP ends the
 * stream of requests as soon as the client closes, while answers are still being worked on: so this
 * stage sees it first, and tells the peer.
 *
 * <p>It also ends it when a request has come in parts after which the connection closes. Then a
 * client that goes away is seen only when the connection breaks.
 *
 * <p>It closes a connection on which no request is under way and no head becomes whole, also when
 * bytes of one come now and then: an idle timeout alone never ends such a connection.
 *
 * <p>Its value completes when the connection is over.
 */
final class Exchange
    extends AbstractGraphStageWithMaterializedValue<
        FlowShape<HttpRequest, HttpResponse>, CompletionStage<Void>> {
  private static final Connection CLOSE = Connection.create("close");

  private final Inlet<HttpRequest> in = Inlet.create("Exchange.in");
  private final Outlet<HttpResponse> out = Outlet.create("Exchange.out");
  private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(in, out);
  private final BiFunction<HttpRequest, Peer, CompletionStage<HttpResponse>> handler;
  private final Connections connections;
  private final int pipelinedMax;
  private final long headTimeoutNanos;

  /**
   * Exchanges of connections.
   *
   * @param handler answers; its stage never fails
   * @param pipelinedMax the most requests that are worked on at once
   * @param headTimeout how long no request may be under way until the head of the next is whole
   */
  Exchange(
      BiFunction<HttpRequest, Peer, CompletionStage<HttpResponse>> handler,
      Connections connections,
      int pipelinedMax,
      Duration headTimeout) {
    this.handler = handler;
    this.connections = connections;
    this.pipelinedMax = pipelinedMax;
    this.headTimeoutNanos = headTimeout.toNanos();
  }

  @Override
  public FlowShape<HttpRequest, HttpResponse> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<Void>> createLogicAndMaterializedValuePair(
      Attributes attributes) {
    Logic logic = new Logic();
    return Pair.create(logic, logic.over);
  }

  /** A request whose answer is to be sent when those before it are. */
  private static final class Asked {
    private @Nullable HttpResponse answer;
  }

  /** One connection. */
  final class Logic extends GraphStageLogic implements Connections.Timed {
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final UnderWay underWay = new UnderWay(System.nanoTime());
    private final Peer peer = new Peer();
    private final ArrayDeque<Asked> asked = new ArrayDeque<>(1);
    private final AsyncCallback<Runnable> callback = createAsyncCallback(Runnable::run);

    /** Whether nothing more is to be asked. */
    private boolean last;

    private boolean endsEarly;

    private Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              begin(grab(in));
              proceed();
            }

            @Override
            public void onUpstreamFinish() {
              // A client that sent its last request in parts still awaits the answer.
              if (!endsEarly) {
                peer.leave();
                last = true;
                proceed();
              }
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              proceed();
            }
          });
    }

    @Override
    public void preStart() {
      connections.opened(this);
    }

    @Override
    public void postStop() {
      peer.leave();
      connections.closed(this);
      over.complete(null);
    }

    @Override
    public void look(long nowNanos) {
      if (underWay.noneForNanos(nowNanos) >= headTimeoutNanos) {
        callback.invoke(this::giveUp);
      }
    }

    private void giveUp() {
      if (underWay.noneForNanos(System.nanoTime()) >= headTimeoutNanos) {
        completeStage();
      }
    }

    /** Ends the connection with the answers to what was asked. Called from anywhere. */
    void drain() {
      callback.invoke(
          () -> {
            last = true;
            proceed();
          });
    }

    private void begin(HttpRequest request) {
      endsEarly = !request.entity().isStrict() && isLast(request);
      underWay.begin();
      Asked one = new Asked();
      asked.add(one);
      CompletionStage<HttpResponse> answer = handler.apply(request, peer);
      if (answer.toCompletableFuture().isDone()) {
        one.answer = underWay.answered(answer.toCompletableFuture().join());
        return;
      }
      var unused =
          answer.whenComplete(
              (response, failure) -> callback.invoke(() -> answered(one, response, failure)));
    }

    private void answered(Asked one, @Nullable HttpResponse response, @Nullable Throwable failure) {
      if (response == null) {
        failStage(failure == null ? new IllegalStateException("no answer") : failure);
        return;
      }
      one.answer = underWay.answered(response);
      proceed();
    }

    private void proceed() {
      Asked first = asked.peek();
      if (first != null && first.answer != null && isAvailable(out)) {
        asked.remove();
        boolean closing = last && asked.isEmpty() && !isClosed(in);
        push(out, closing ? first.answer.addHeader(CLOSE) : first.answer);
      }
      if (last && asked.isEmpty()) {
        completeStage();
      } else if (!last && asked.size() < pipelinedMax && !isClosed(in) && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    /** Whether the connection ends with the answer to it (RFC 9112, 9.3). */
    private boolean isLast(HttpRequest request) {
      String options =
          request
              .getHeader("Connection")
              .map(header -> header.value().toLowerCase(Locale.ROOT))
              .orElse("");
      return options.contains("close")
          || (request.protocol().equals(HttpProtocols.HTTP_1_0) && !options.contains("keep-alive"));
    }
  }
}
