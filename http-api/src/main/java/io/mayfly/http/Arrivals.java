package io.mayfly.http;

import java.util.Locale;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Gives the requests of one connection their peer. Pekko HTTP ends the stream of requests as soon
 * as the client closes, while answers are still being worked on: so this stage sees it first.
 *
 * <p>It also ends it when a request has come in parts after which the connection closes. Then a
 * client that goes away is seen only when the connection breaks.
 */
final class Arrivals extends GraphStage<FlowShape<HttpRequest, Arrivals.Arrival>> {
  private final Inlet<HttpRequest> in = Inlet.create("Arrivals.in");
  private final Outlet<Arrival> out = Outlet.create("Arrivals.out");
  private final FlowShape<HttpRequest, Arrival> shape = FlowShape.of(in, out);

  /** A request and who sent it. */
  record Arrival(HttpRequest request, Peer peer) {}

  @Override
  public FlowShape<HttpRequest, Arrival> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Connection(this);
  }

  private static final class Connection extends GraphStageLogic {
    private final Peer peer = new Peer();
    private boolean endsEarly;

    private Connection(Arrivals stage) {
      super(stage.shape);
      setHandler(
          stage.in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              HttpRequest request = grab(stage.in);
              endsEarly = !request.entity().isStrict() && isLast(request);
              push(stage.out, new Arrival(request, peer));
            }

            @Override
            public void onUpstreamFinish() {
              // A client that sent its last request in parts still awaits the answer.
              if (!endsEarly) {
                completeStage();
              }
            }
          });
      setHandler(
          stage.out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (!isClosed(stage.in)) {
                pull(stage.in);
              }
            }
          });
    }

    @Override
    public void postStop() {
      peer.leave();
    }

    /** Whether the connection ends with the answer to it (RFC 9112, 9.3). */
    private static boolean isLast(HttpRequest request) {
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
