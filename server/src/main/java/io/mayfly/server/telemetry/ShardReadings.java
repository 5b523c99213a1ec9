package io.mayfly.server.telemetry;

import io.mayfly.protocol.telemetry.Kind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import kamon.tag.TagSet;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardRegionStats;
import org.apache.pekko.pattern.Patterns;
import scala.jdk.javaapi.CollectionConverters;

/** Which shards this node hosts, and how many keys are in them. Looks every few seconds. */
final class ShardReadings {
  private static final int LOOKS_PER_ANSWER = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final org.apache.pekko.actor.ActorSystem system;
  private final Instruments instruments;
  private final Map<Kind, Set<String>> hosted = new EnumMap<>(Kind.class);
  private int looks;

  ShardReadings(ActorSystem<?> system, Instruments instruments) {
    this.system = Adapter.toClassic(system);
    this.instruments = instruments;
  }

  /** To be called every second. */
  void look() {
    if (looks++ % LOOKS_PER_ANSWER == 0) {
      for (Kind kind : Kind.values()) {
        ask(kind);
      }
    }
  }

  private void ask(Kind kind) {
    try {
      ActorRef region = ClusterSharding.get(system).shardRegion(kind.text());
      var unused =
          Patterns.ask(region, ShardRegion.getRegionStatsInstance(), PATIENCE)
              .whenCompleteAsync(
                  (stats, failure) -> {
                    if (stats instanceof ShardRegionStats known) {
                      note(kind, CollectionConverters.asJava(known.stats()));
                    }
                  },
                  Runnable::run);
    } catch (IllegalArgumentException | IllegalStateException e) {
      // The region is not started yet, or no more.
      hosted.remove(kind);
    }
  }

  /**
   * Takes note of the shards of a kind on this node.
   *
   * @param keysByShard how many keys each has in memory
   */
  synchronized void note(Kind kind, Map<String, ?> keysByShard) {
    long keys = 0;
    for (Object count : keysByShard.values()) {
      keys += ((Number) count).longValue();
    }
    Set<String> before = hosted.getOrDefault(kind, Set.of());
    Set<String> now = Set.copyOf(keysByShard.keySet());
    hosted.put(kind, now);
    Metrics.set(instruments.resident, "kind", kind.text(), (double) keys);
    Metrics.set(instruments.shards, "kind", kind.text(), now.size());
    moved(kind, "in", without(now, before));
    moved(kind, "out", without(before, now));
  }

  private void moved(Kind kind, String direction, int count) {
    var unused =
        instruments
            .shardMoves
            .withTags(TagSet.builder().add("kind", kind.text()).add("direction", direction).build())
            .increment(count);
  }

  private static int without(Set<String> all, Set<String> others) {
    Set<String> rest = new HashSet<>(all);
    rest.removeAll(others);
    return rest.size();
  }
}
