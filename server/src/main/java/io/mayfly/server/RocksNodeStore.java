package io.mayfly.server;

import com.typesafe.config.Config;
import io.mayfly.http.ClusterReport;
import io.mayfly.persistence.rocksdb.RocksFeed;
import io.mayfly.persistence.rocksdb.RocksLedgerRounds;
import io.mayfly.persistence.rocksdb.RocksStore;
import io.mayfly.persistence.rocksdb.RocksStoreSetup;
import io.mayfly.persistence.rocksdb.StoreSettings;
import io.mayfly.persistence.rocksdb.StoreUnavailableException;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRounds;
import io.mayfly.sharding.Keyspace;
import io.mayfly.sharding.Rounds;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.actor.typed.ActorSystem;

/** The embedded store. What it holds belongs to this node alone. */
final class RocksNodeStore implements NodeStore {
  static final String KIND = "rocksdb";

  private final RocksStore store;

  private RocksNodeStore(RocksStore store) {
    this.store = store;
  }

  static NodeStore opened(Config config) throws StartFailure {
    try {
      return new RocksNodeStore(
          RocksStore.open(Path.of(config.getString("mayfly.data")), StoreSettings.from(config)));
    } catch (StoreUnavailableException e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Setup setup() {
    return RocksStoreSetup.of(store);
  }

  @Override
  public Ledger ledger() {
    return store.ledger();
  }

  @Override
  public Feeds feeds(ActorSystem<?> system, InstantSource clock) {
    RocksFeed.age(system, clock);
    return new Feeds(
        RocksFeed.of(system, Keyspace::entryTag), RocksFeed.of(system, Keyspace::leaseTag));
  }

  @Override
  public LedgerRounds rounds(ActorSystem<?> system, BooleanSupplier leads) {
    return RocksLedgerRounds.of(system, Rounds.NAMES);
  }

  @Override
  public ClusterReport.Journal journal() {
    return new ClusterReport.Journal(KIND, store.trouble().orElse(null));
  }

  @Override
  public boolean answers() {
    return store.trouble().isEmpty();
  }

  /** What waits is bounded by the requests that are let in. */
  @Override
  public boolean congested() {
    return false;
  }

  /** One process writes here, as the lock of the directory ensures. */
  @Override
  public void writeOnlyWhile(BooleanSupplier entitled) {}

  @Override
  public void onFailure(Consumer<String> listener) {
    store.onFailure(failure -> listener.accept(String.valueOf(failure.getMessage())));
  }

  @Override
  public void close() {
    store.close();
  }
}
