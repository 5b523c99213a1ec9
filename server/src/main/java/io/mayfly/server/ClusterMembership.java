package io.mayfly.server;

import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;

/** This node's place in its cluster. A node without seeds is a cluster of its own. */
final class ClusterMembership {
  private final Cluster cluster;

  ClusterMembership(ActorSystem<?> system) {
    this.cluster = Cluster.get(Adapter.toClassic(system));
  }

  /** Forms a cluster of this one node. */
  void formAlone() {
    cluster.join(cluster.selfAddress());
  }

  /** Whether the cluster counts this node as up. */
  boolean up() {
    return !cluster.isTerminated() && cluster.selfMember().status().equals(MemberStatus.up());
  }
}
