package io.mayfly.sharding;

import com.typesafe.config.Config;
import io.mayfly.actors.entry.EntryEntity;
import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.LogNames;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.JournalNames;
import io.mayfly.protocol.ledger.LedgerRounds;
import io.mayfly.protocol.ledger.RoundsReport;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.ShardRegion;

/**
 * The rounds of a node over its own store: ledger, journal and live actors are compared, and what
 * differs is repaired in the direction of the journal. Volatile entries have no journal and are
 * left out.
 */
public final class Rounds {
  /** How entries are named in the journal. */
  public static final JournalNames NAMES = new JournalNames(EntryEntity.TYPE + '|');

  private final AtomicReference<RoundsReport> report = new AtomicReference<>(RoundsReport.NONE);

  private Rounds() {}

  /**
   * Starts them. The first round begins at once.
   *
   * @param stored the store's side, which names entries as {@link #NAMES} does
   */
  public static Rounds start(
      ActorSystem<?> system,
      LedgerRounds stored,
      Entries entries,
      Contracts contracts,
      InstantSource clock) {
    Rounds rounds = new Rounds();
    Config config = system.settings().config().getConfig("mayfly");
    Config round = config.getConfig("ledger.round");
    Auditor.Settings settings =
        new Auditor.Settings(
            round.getDuration("interval"),
            round.getDouble("share"),
            round.getDuration("stretch"),
            round.getInt("sample"),
            round.getInt("logged"));
    Duration patience = round.getDuration("patience");
    Auditor.Ports ports =
        new Auditor.Ports(
            stored,
            new Witness(stored, entries, patience)::ask,
            id -> contracts.of(id.namespace()).durability() != Durability.VOLATILE,
            new LogNames(contracts),
            restart(
                system,
                new RequestExtractor<>(
                    config.getInt("sharding.shards"), request -> request.id().text()),
                patience),
            rounds.report::set);
    system.systemActorOf(Auditor.create(clock, settings, ports), "ledger-rounds", Props.empty());
    return rounds;
  }

  /** What they came to so far. */
  public RoundsReport report() {
    return report.get();
  }

  /**
   * Lets the shard stop the actor of an entry as it passivates one: requests that arrive meanwhile
   * wait for the next actor. Sharding names its actors after shard and entity.
   */
  private static Consumer<EntryId> restart(
      ActorSystem<?> system, RequestExtractor<EntryRequest> extractor, Duration patience) {
    org.apache.pekko.actor.ActorSystem classic = Adapter.toClassic(system);
    return id -> {
      String path = "/system/sharding/" + EntryEntity.TYPE + '/' + extractor.shardId(id.text());
      ActorSelection shard = classic.actorSelection(path);
      classic
          .actorSelection(path + '/' + URLEncoder.encode(id.text(), StandardCharsets.UTF_8))
          .resolveOne(patience)
          .whenCompleteAsync(
              (entity, absent) -> {
                if (entity != null) {
                  shard.tell(new ShardRegion.Passivate(PoisonPill.getInstance()), entity);
                }
              },
              Runnable::run);
    };
  }
}
