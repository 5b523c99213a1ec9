package io.mayfly.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.mayfly.http.ClusterReport;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRounds;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.actor.typed.ActorSystem;

/** Where a node keeps what it acknowledges: a directory of its own, or a database of all nodes. */
interface NodeStore extends AutoCloseable {
  /** Which store it is: a part of the configuration. */
  String SETTING = "mayfly.persistence.store";

  /**
   * Opens the configured store.
   *
   * @throws StartFailure when it cannot be opened
   */
  static NodeStore open(Config config) throws StartFailure {
    String kind = config.getString(SETTING);
    return switch (kind) {
      case RocksNodeStore.KIND -> RocksNodeStore.opened(config);
      case PostgresNodeStore.KIND -> PostgresNodeStore.opened(config);
      default ->
          throw new ConfigException.BadValue(
              config.getValue(SETTING).origin(), SETTING, "rocksdb or postgresql; not " + kind);
    };
  }

  /** What an actor system needs to use the store. */
  Setup setup();

  /** The ledger that the store keeps. */
  Ledger ledger();

  /** What the store tells watchers. */
  Feeds feeds(ActorSystem<?> system, InstantSource clock);

  /**
   * Rounds over the store.
   *
   * @param leads whether this node is the one that looks at what all nodes share
   */
  LedgerRounds rounds(ActorSystem<?> system, BooleanSupplier leads);

  /** How it is. */
  ClusterReport.Journal journal();

  /** Whether it can be used now. */
  boolean answers();

  /** Whether so much waits to be written that clients should not add to it. */
  boolean congested();

  /** Names who says whether the node may write. */
  void writeOnlyWhile(BooleanSupplier entitled);

  /** Registers who is told when the node cannot go on with it. */
  void onFailure(Consumer<String> listener);

  @Override
  void close();
}
