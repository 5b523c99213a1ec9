package io.mayfly.server.telemetry;

import io.mayfly.protocol.ledger.Drift;
import io.mayfly.protocol.ledger.RoundsReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;

/**
 * What is not counted where it happens: looked up every second. A look that fails is left out, and
 * the next one comes.
 */
public final class Readings implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final List<String> STATUSES =
      List.of("joining", "weaklyup", "up", "leaving", "exiting", "down");

  private final Metrics metrics;
  private final Instruments instruments;
  private final SystemReadings ofSystem;
  private final ShardReadings shards;
  private final Cluster cluster;
  private final BooleanSupplier ready;
  private final Supplier<Map<String, Long>> contractVersions;
  private final Increase increase = new Increase();
  private final Cancellable ticks;
  private volatile Supplier<Map<String, Long>> standing = Map::of;
  private volatile Supplier<RoundsReport> rounds = () -> RoundsReport.NONE;

  /**
   * Begins to look.
   *
   * @param ready whether the node serves
   * @param contractVersions the version of each namespace's contract
   */
  public Readings(
      ActorSystem<?> system,
      Metrics metrics,
      BooleanSupplier ready,
      Supplier<Map<String, Long>> contractVersions) {
    this.metrics = metrics;
    this.instruments = metrics.instruments();
    this.ofSystem = new SystemReadings(instruments);
    this.shards = new ShardReadings(system, instruments);
    this.cluster = Cluster.get(Adapter.toClassic(system));
    this.ready = ready;
    this.contractVersions = contractVersions;
    this.ticks =
        system
            .scheduler()
            .scheduleWithFixedDelay(INTERVAL, INTERVAL, this::look, system.executionContext());
  }

  /** Looks at a keyspace from now on. */
  public void of(Supplier<Map<String, Long>> entriesStanding, Supplier<RoundsReport> roundsReport) {
    standing = entriesStanding;
    rounds = roundsReport;
  }

  @Override
  public void close() {
    ticks.cancel();
  }

  private synchronized void look() {
    if (!metrics.counting()) {
      return;
    }
    var unused = instruments.ready.withoutTags().update(ready.getAsBoolean() ? 1 : 0);
    metrics.turn(System.nanoTime());
    metrics.leases();
    metrics.standing(standing.get());
    metrics.contractVersions(contractVersions.get());
    look(rounds.get());
    lookAtCluster();
    ofSystem.read();
    shards.look();
  }

  private void look(RoundsReport report) {
    var unused1 = instruments.ledgerRows.withoutTags().update((double) report.lastRows());
    var unused2 =
        instruments.rounds.withoutTags().increment(increase.of("rounds", report.completed()));
    for (Drift drift : Drift.values()) {
      if (drift.repairable()) {
        long found = report.found().getOrDefault(drift, 0L);
        var unused3 =
            instruments
                .repairs
                .withTag("kind", drift.text())
                .increment(increase.of(drift.text(), found));
      }
    }
  }

  private void lookAtCluster() {
    if (cluster.isTerminated()) {
      return;
    }
    CurrentClusterState state = cluster.state();
    Map<String, Integer> byStatus = new HashMap<>();
    for (String status : STATUSES) {
      byStatus.put(status, 0);
    }
    for (Member member : state.getMembers()) {
      byStatus.merge(member.status().toString().toLowerCase(Locale.ROOT), 1, Integer::sum);
    }
    byStatus.put("unreachable", state.getUnreachable().size());
    byStatus.forEach((status, count) -> Metrics.set(instruments.members, "status", status, count));
  }
}
