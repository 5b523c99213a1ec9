package io.mayfly.http;

import io.mayfly.protocol.ledger.RoundsReport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as one of its nodes sees it.
 *
 * @param unreachable the addresses of members that this node cannot reach
 * @param leader the address of the member that leads; absent while there is none
 * @param journal where this node keeps what it acknowledges
 * @param rounds how ledger, journal and live actors of this node agree
 * @param reasons why parts are absent, by their names
 */
public record ClusterReport(
    List<Member> members,
    List<String> unreachable,
    @Nullable String leader,
    Journal journal,
    RoundsReport rounds,
    Map<String, String> reasons) {

  /**
   * A node of the cluster.
   *
   * @param self whether it is the one that answers
   * @param shards how many shards of each kind it hosts, of those that could be had; absent when
   *     none could
   */
  public record Member(
      String address,
      String status,
      List<String> roles,
      boolean self,
      @Nullable Map<String, Integer> shards) {}

  /**
   * The journal of a node.
   *
   * @param kind the store behind it
   * @param failure why it does not work; absent when it does
   */
  public record Journal(String kind, @Nullable String failure) {}
}
