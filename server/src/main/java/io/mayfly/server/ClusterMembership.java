package io.mayfly.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's place in its cluster. A node that looks for nobody is a cluster of its own. */
final class ClusterMembership {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterMembership.class);
  private static final int KNOCK_MILLIS = 500;

  private final Cluster cluster;
  private final ClusterSettings settings;

  ClusterMembership(ActorSystem<?> system, ClusterSettings settings) {
    this.cluster = Cluster.get(Adapter.toClassic(system));
    this.settings = settings;
  }

  /** Joins the others, or forms a cluster of this one node when there are none. */
  void join() {
    if (settings.discovered()) {
      var unused =
          PekkoManagement.get(cluster.system())
              .start()
              .whenCompleteAsync(
                  (uri, failure) -> {
                    if (failure != null) {
                      LOG.error("others cannot find this node: its port is not open", failure);
                    }
                  },
                  Runnable::run);
      ClusterBootstrap.get(cluster.system()).start();
    } else if (settings.clustered()) {
      cluster.joinSeedNodes(settings.seeds());
    } else {
      cluster.join(cluster.selfAddress());
    }
  }

  /** Whether the cluster counts this node as up. */
  boolean up() {
    return !cluster.isTerminated() && cluster.selfMember().status().equals(MemberStatus.up());
  }

  /** Whether this node is the one that does what only one node should do. */
  boolean leads() {
    return up() && cluster.selfAddress().equals(cluster.state().getLeader());
  }

  /**
   * Whether this node waits for others in a cluster that it began, while at least one of them runs
   * and does not join: then that one belongs to another cluster, which this node should join.
   */
  boolean stranded() {
    if (!settings.clustered() || up() || cluster.isTerminated()) {
      return false;
    }
    return members() == 1
        && settings.seeds().stream()
            .filter(seed -> !seed.equals(cluster.selfAddress()))
            .anyMatch(ClusterMembership::listens);
  }

  private int members() {
    int count = 0;
    for (Member member : cluster.state().getMembers()) {
      count += member.status().equals(MemberStatus.removed()) ? 0 : 1;
    }
    return count;
  }

  private static boolean listens(Address seed) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(seed.getHost().orElseThrow(), seed.getPort().orElseThrow()),
          KNOCK_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
