package io.mayfly.sharding;

import io.mayfly.protocol.ledger.Ledger;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/** Where the keys of all nodes live, as one node sees it: what a keyspace asks of its cluster. */
public interface Shards {
  /**
   * One kind of keys. Each key has at most one actor in the cluster.
   *
   * @param name of the kind, the same on every node
   * @param messages what its actors understand
   * @param address the key that a message goes to
   * @param passivates whether an actor that is not used may be stopped; otherwise it stays until it
   *     asks for its end
   * @param create the actor of a key
   */
  record Kind<M>(
      String name,
      Class<M> messages,
      Function<M, String> address,
      boolean passivates,
      Function<Place<M>, Behavior<M>> create) {}

  /** The place of one actor. */
  interface Place<M> {
    /** Its key. */
    String key();

    /** Lets the actor stop; what arrives meanwhile waits for its successor. */
    void passivate(ActorRef<M> self);

    /** Sends a message to its key once more. */
    void resend(M message);
  }

  /** Begins to host keys of a kind, and tells the way to all of them, wherever they live. */
  <M> ActorRef<M> host(Kind<M> kind);

  /** Begins an actor of this node alone. */
  <M> ActorRef<M> local(String name, Behavior<M> behavior);

  /**
   * Keeps so many actors alive in the whole cluster, each on some node. While nodes come and go,
   * one may for a moment run twice, or nowhere.
   *
   * @param create the actor of a number from 0
   */
  <M> void keep(String name, int count, IntFunction<Behavior<M>> create);

  /** The volatile entries of all nodes, of which this one knows its own. */
  Ledger scattered(VolatileLedger local);
}
