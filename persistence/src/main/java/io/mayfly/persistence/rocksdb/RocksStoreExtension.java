package io.mayfly.persistence.rocksdb;

import com.typesafe.config.Config;
import java.nio.file.Path;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * The store of an actor system: the one given by {@link RocksStoreSetup}, else one opened in the
 * configured data directory and closed with the system.
 */
public final class RocksStoreExtension implements Extension {
  private static final Id ID = new Id();

  private final RocksStore store;

  private RocksStoreExtension(RocksStore store) {
    this.store = store;
  }

  /** The extension of a system. */
  public static RocksStoreExtension get(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  /** The store. */
  public RocksStore store() {
    return store;
  }

  /** Whether plug-ins publish the commands they were sent, as tests of plug-ins ask for. */
  static boolean publishesCommands(ClassicActorSystemProvider system) {
    Config config = system.classicSystem().settings().config();
    String path = "pekko.persistence.publish-plugin-commands";
    return config.hasPath(path) && config.getBoolean(path);
  }

  private static final class Id extends AbstractExtensionId<RocksStoreExtension> {
    @Override
    public RocksStoreExtension createExtension(ExtendedActorSystem system) {
      return system
          .settings()
          .setup()
          .get(RocksStoreSetup.class)
          .map(setup -> new RocksStoreExtension(setup.store()))
          .orElseGet(() -> new RocksStoreExtension(openConfigured(system)));
    }

    private static RocksStore openConfigured(ExtendedActorSystem system) {
      Config config = system.settings().config();
      String directory = config.getString(StoreSettings.PATH + ".data-directory");
      if (directory.isEmpty()) {
        throw new StoreUnavailableException(
            StoreUnavailableException.Reason.NOT_WRITABLE,
            "no data directory is named. Set " + StoreSettings.PATH + ".data-directory.",
            null);
      }
      RocksStore store = RocksStore.open(Path.of(directory), StoreSettings.from(config));
      system.getWhenTerminated().whenCompleteAsync((done, failed) -> store.close(), Runnable::run);
      return store;
    }
  }
}
