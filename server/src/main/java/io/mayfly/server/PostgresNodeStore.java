package io.mayfly.server;

import com.typesafe.config.Config;
import io.mayfly.http.ClusterReport;
import io.mayfly.persistence.postgresql.PostgresFeed;
import io.mayfly.persistence.postgresql.PostgresLedgerRounds;
import io.mayfly.persistence.postgresql.PostgresSettings;
import io.mayfly.persistence.postgresql.PostgresStore;
import io.mayfly.persistence.postgresql.PostgresStoreSetup;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRounds;
import io.mayfly.sharding.Keyspace;
import io.mayfly.sharding.Rounds;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.actor.typed.ActorSystem;

/** The store that all nodes share. While it is away the node waits for it. */
final class PostgresNodeStore implements NodeStore {
  static final String KIND = "postgresql";

  private final PostgresStore store;

  private PostgresNodeStore(PostgresStore store) {
    this.store = store;
  }

  static NodeStore opened(Config config) throws StartFailure {
    PostgresSettings settings = PostgresSettings.from(config);
    try {
      return new PostgresNodeStore(PostgresStore.open(settings));
    } catch (IllegalStateException e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Setup setup() {
    return PostgresStoreSetup.of(store);
  }

  @Override
  public Ledger ledger() {
    return store.ledger();
  }

  @Override
  public Feeds feeds(ActorSystem<?> system, InstantSource clock) {
    PostgresFeed entries = PostgresFeed.of(system, Keyspace::entryTag, clock);
    return new Feeds(entries, entries.by(Keyspace::leaseTag));
  }

  @Override
  public LedgerRounds rounds(ActorSystem<?> system, BooleanSupplier leads) {
    return PostgresLedgerRounds.of(system, Rounds.NAMES, leads);
  }

  @Override
  public ClusterReport.Journal journal() {
    return new ClusterReport.Journal(KIND, store.trouble().orElse(null));
  }

  @Override
  public boolean answers() {
    return store.answers();
  }

  @Override
  public boolean congested() {
    return store.congested();
  }

  @Override
  public void writeOnlyWhile(BooleanSupplier entitled) {
    store.writeOnlyWhile(entitled);
  }

  /** A database comes back, so nothing ends the node. */
  @Override
  public void onFailure(Consumer<String> listener) {}

  @Override
  public void close() {
    store.close();
  }
}
