package io.mayfly.sharding;

import com.typesafe.config.Config;
import io.mayfly.protocol.ledger.Ledger;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** Shards over Pekko's Cluster Sharding. */
final class ClusterShards implements Shards {
  private final ActorSystem<?> system;
  private final Config config;

  /**
   * The shards of a node that has joined, or is about to join, its cluster.
   *
   * @param config what stands under {@code mayfly.sharding}
   */
  ClusterShards(ActorSystem<?> system, Config config) {
    this.system = system;
    this.config = config;
  }

  /** The place of one actor under its shard. */
  private record InShard<M>(ActorSystem<?> system, EntityTypeKey<M> type, EntityContext<M> context)
      implements Place<M> {
    @Override
    public String key() {
      return context.getEntityId();
    }

    @Override
    public void passivate(ActorRef<M> self) {
      context.getShard().tell(new ClusterSharding.Passivate<>(self));
    }

    @Override
    public void resend(M message) {
      ClusterSharding.get(system).entityRefFor(type, key()).tell(message);
    }
  }

  @Override
  public <M> ActorRef<M> host(Kind<M> kind) {
    EntityTypeKey<M> type = EntityTypeKey.create(kind.messages(), kind.name());
    return ClusterSharding.get(system)
        .init(
            Entity.of(type, context -> kind.create().apply(new InShard<>(system, type, context)))
                .withMessageExtractor(
                    new RequestExtractor<>(config.getInt("shards"), kind.address()))
                .withSettings(settings(kind.passivates())));
  }

  private ClusterShardingSettings settings(boolean passivates) {
    ClusterShardingSettings settings = ClusterShardingSettings.create(system);
    return passivates
        ? settings.withPassivationStrategy(
            settings
                .passivationStrategySettings()
                .withActiveEntityLimit(config.getInt("resident-entries-max"))
                .withLeastRecentlyUsedReplacement()
                .withIdleEntityPassivation(config.getDuration("passivate-after")))
        : settings.withNoPassivationStrategy();
  }

  @Override
  public <M> ActorRef<M> local(String name, Behavior<M> behavior) {
    return system.systemActorOf(behavior, name, Props.empty());
  }

  @Override
  public <M> void keep(String name, int count, IntFunction<Behavior<M>> create) {
    Cluster cluster = Cluster.get(system);
    var unused = local(name, Rota.create(() -> Rota.own(cluster, count), create));
  }

  @Override
  public Ledger scattered(VolatileLedger local) {
    return ScatteredLedger.start(system, local);
  }
}
