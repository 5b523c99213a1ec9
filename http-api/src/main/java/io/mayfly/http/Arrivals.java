package io.mayfly.http;

import java.time.Duration;
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
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Gives the requests of one connection their peer. Pekko HTTP ends the stream of requests as soon
 * as the client closes, while answers are still being worked on: so this stage sees it first.
 *
 * <p>It also ends it when a request has come in parts after which the connection closes. Then a
 * client that goes away is seen only when the connection breaks.
 *
 * <p>It closes a connection on which no request is under way and no head becomes whole, also when
 * bytes of one come now and then: an idle timeout alone never ends such a connection.
 */
final class Arrivals extends GraphStage<FlowShape<HttpRequest, Arrivals.Arrival>> {
  private final Inlet<HttpRequest> in = Inlet.create("Arrivals.in");
  private final Outlet<Arrival> out = Outlet.create("Arrivals.out");
  private final FlowShape<HttpRequest, Arrival> shape = FlowShape.of(in, out);

  private final Duration headTimeout;

  /**
   * A request and who sent it.
   *
   * @param underWay is to be told of the answer
   */
  record Arrival(HttpRequest request, Peer peer, UnderWay underWay) {}

  /**
   * Arrivals of connections.
   *
   * @param headTimeout how long no request may be under way until the head of the next is whole
   */
  Arrivals(Duration headTimeout) {
    this.headTimeout = headTimeout;
  }

  @Override
  public FlowShape<HttpRequest, Arrival> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Connection(this);
  }

  private static final class Connection extends TimerGraphStageLogic {
    private static final int LOOKS = 4;

    private final Duration headTimeout;
    private final UnderWay underWay = new UnderWay(System.nanoTime());
    private final Peer peer = new Peer();
    private boolean endsEarly;

    private Connection(Arrivals stage) {
      super(stage.shape);
      headTimeout = stage.headTimeout;
      setHandler(
          stage.in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              HttpRequest request = grab(stage.in);
              endsEarly = !request.entity().isStrict() && isLast(request);
              underWay.begin();
              push(stage.out, new Arrival(request, peer, underWay));
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
    public void preStart() {
      Duration look = headTimeout.dividedBy(LOOKS);
      scheduleAtFixedRate("look", look, look);
    }

    @Override
    public void onTimer(Object key) {
      if (underWay.noneForNanos(System.nanoTime()) >= headTimeout.toNanos()) {
        completeStage();
      }
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
