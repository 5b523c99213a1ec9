package io.mayfly.http;

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

    private Connection(Arrivals stage) {
      super(stage.shape);
      setHandler(
          stage.in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              push(stage.out, new Arrival(grab(stage.in), peer));
            }
          });
      setHandler(
          stage.out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(stage.in);
            }
          });
    }

    @Override
    public void postStop() {
      peer.leave();
    }
  }
}
