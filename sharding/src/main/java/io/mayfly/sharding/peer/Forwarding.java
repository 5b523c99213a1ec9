package io.mayfly.sharding.peer;

import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;

/** The way of requests to the nodes that have their keys. */
public interface Forwarding {
  /** No way to any node. */
  Forwarding NONE =
      new Forwarding() {
        @Override
        public boolean forward(Address node, ForwardedRequest request, Waiting waiting) {
          return false;
        }

        @Override
        public void serve(Serving serving) {}
      };

  /** Who waits for the reply to a request. Hears of it at most once, on any thread. */
  interface Waiting {
    /** The reply, or that the other node has not taken the request. */
    void answered(ForwardedReply reply);

    /** The request did not reach the other node: nothing was begun, nor will be. */
    void notSent();

    /** The connection ended, and nobody will tell what became of the request. */
    void lost();

    /** Completes when nobody waits any more, whoever has ended the wait. */
    CompletionStage<?> over();
  }

  /** What a node does with requests that others forward to it. */
  @FunctionalInterface
  interface Serving {
    /**
     * Takes a request. Must not block.
     *
     * @param answer to be called once, on any thread
     */
    void serve(ForwardedRequest request, Consumer<ForwardedReply> answer);
  }

  /**
   * Sends a request to another node. Never blocks.
   *
   * @return whether it is on its way; otherwise there is no connection now, or too much waits in
   *     it, and nothing is called
   */
  boolean forward(Address node, ForwardedRequest request, Waiting waiting);

  /** Begins to take what others forward to this node. */
  void serve(Serving serving);
}
