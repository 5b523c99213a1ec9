package io.mayfly.server;

import io.mayfly.http.ClusterReport;
import io.mayfly.http.ClusterReport.Journal;
import io.mayfly.http.ClusterView;
import io.mayfly.protocol.ledger.RoundsReport;
import io.mayfly.protocol.telemetry.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ShardRegion.ClusterShardingStats;
import org.apache.pekko.cluster.sharding.ShardRegion.GetClusterShardingStats;
import org.apache.pekko.pattern.Patterns;
import org.jspecify.annotations.Nullable;
import scala.concurrent.duration.FiniteDuration;

/**
 * Looks at the cluster through Pekko Cluster and the shard regions. One look at a time: whoever
 * asks meanwhile shares its answer, so that looking costs little however many look.
 */
final class ClusterLook implements ClusterView {
  private static final List<String> KINDS = Stream.of(Kind.values()).map(Kind::text).toList();

  private final org.apache.pekko.actor.ActorSystem system;
  private final Cluster cluster;
  private final Duration patience;
  private final Supplier<Journal> journal;
  private final Supplier<RoundsReport> rounds;
  private final AtomicReference<@Nullable CompletableFuture<ClusterReport>> underway =
      new AtomicReference<>();

  /** What the shard regions of one kind answered. */
  private record Hosted(String kind, @Nullable ClusterShardingStats stats) {}

  /**
   * A look at the cluster of a node.
   *
   * @param patience how long shards may take to answer
   */
  ClusterLook(
      ActorSystem<?> system,
      Duration patience,
      Supplier<Journal> journal,
      Supplier<RoundsReport> rounds) {
    this.system = Adapter.toClassic(system);
    this.cluster = Cluster.get(this.system);
    this.patience = patience;
    this.journal = journal;
    this.rounds = rounds;
  }

  @Override
  public CompletionStage<ClusterReport> look() {
    CompletableFuture<ClusterReport> mine = new CompletableFuture<>();
    CompletableFuture<ClusterReport> other = underway.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    List<CompletableFuture<Hosted>> asked = KINDS.stream().map(this::ask).toList();
    var unused =
        CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
            .whenComplete(
                (done, never) -> {
                  underway.set(null);
                  mine.complete(report(asked.stream().map(CompletableFuture::join).toList()));
                });
    return mine;
  }

  /** Asks for the shards of a kind. Never fails: without an answer nothing is known of them. */
  private CompletableFuture<Hosted> ask(String kind) {
    CompletableFuture<Hosted> answer = new CompletableFuture<>();
    try {
      ActorRef region = ClusterSharding.get(system).shardRegion(kind);
      FiniteDuration within = FiniteDuration.create(patience.toMillis(), TimeUnit.MILLISECONDS);
      Patterns.ask(region, new GetClusterShardingStats(within), patience)
          .whenCompleteAsync(
              (stats, failure) ->
                  answer.complete(
                      new Hosted(kind, stats instanceof ClusterShardingStats known ? known : null)),
              Runnable::run);
    } catch (IllegalArgumentException | IllegalStateException e) {
      answer.complete(new Hosted(kind, null));
    }
    return answer;
  }

  private ClusterReport report(List<Hosted> hosted) {
    CurrentClusterState state = cluster.state();
    List<ClusterReport.Member> members = new ArrayList<>();
    boolean complete = true;
    for (Member member : state.getMembers()) {
      Map<String, Integer> shards = shards(member.address(), hosted);
      complete &= shards.size() == KINDS.size();
      members.add(
          new ClusterReport.Member(
              member.address().toString(),
              member.status().toString(),
              List.copyOf(new TreeSet<>(member.getRoles())),
              member.address().equals(cluster.selfAddress()),
              shards.isEmpty() ? null : shards));
    }
    Address leader = state.getLeader();
    return new ClusterReport(
        members,
        StreamSupport.stream(state.getUnreachable().spliterator(), false)
            .map(member -> member.address().toString())
            .sorted()
            .toList(),
        leader == null ? null : leader.toString(),
        journal.get(),
        rounds.get(),
        complete
            ? Map.of()
            : Map.of("shards", "not every shard region answered within " + patience));
  }

  /** The shards on a node by kind, of those kinds whose regions told of that node. */
  private static Map<String, Integer> shards(Address address, List<Hosted> hosted) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Hosted kind : hosted) {
      var region = kind.stats() == null ? null : kind.stats().getRegions().get(address);
      if (region != null) {
        counts.put(kind.kind(), region.getStats().size() + region.getFailed().size());
      }
    }
    return counts;
  }
}
